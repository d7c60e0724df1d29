import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitFrontmatter } from '../../src/brief/frontmatter.ts'
import { readSourceText } from '../../src/brief/source-text.ts'
import { setInFrontmatter } from '../../src/studio/frontmatter-edit.ts'
import { plans } from '../../src/studio/frontmatter-fields.ts'

const order = plans.brief.map(({ key }) => key)
const set = (text: string, key: string, value: string | readonly string[] | null): string | null =>
  setInFrontmatter(text, key.split('.'), value, order)

const brief = `---
# The first.
title: 'Talks end'   # shorter?
standfirst: >-
  The truce
  holds.

tags: [south-asia, "diplomacy" ,war]  # the first groups
authors:
  - Ana   # lead
  # and
  - 'Bo'
image: {src: a.png, alt: "A table"}

date: 2025-11-10 # Monday
---

Body: title: x
---
`

describe('one key of a brief’s frontmatter', () => {
  test.each([
    ['title', 'It’s: over # now', "'It’s: over # now'"],
    ['title', "It's", "'It''s'"],
    ['title', 'a\nb', '"a\\nb"'],
  ])('%s becomes %j in its own quotation marks', (key, value, written) => {
    expect(set(brief, key, value)).toBe(brief.replace("'Talks end'", written))
  })

  test('a folded text becomes one line, the blank line after it stays', () => {
    expect(set(brief, 'standfirst', 'Short.')).toBe(brief.replace('>-\n  The truce\n  holds.\n', 'Short.\n'))
  })

  test.each([
    [
      'added at the end',
      ['south-asia', 'diplomacy', 'war', 'x, y'],
      '[south-asia, "diplomacy" ,war, "x, y"]',
    ],
    ['added at the start', ['new', 'south-asia', 'diplomacy', 'war'], '[new, south-asia, "diplomacy" ,war]'],
    ['taken out', ['south-asia', 'war'], '[south-asia ,war]'],
    ['changed', ['south-asia', 'peace: now', 'war'], '[south-asia, "peace: now" ,war]'],
    ['all gone', [], '[]'],
  ])('a word in brackets is %s', (_, value, written) => {
    expect(set(brief, 'tags', value)).toBe(brief.replace('[south-asia, "diplomacy" ,war]', written))
  })

  test.each([
    ['added', ['Ana', 'Bo', 'Cy'], "  - Ana   # lead\n  # and\n  - 'Bo'\n  - Cy\n"],
    ['taken out', ['Bo'], "  # and\n  - 'Bo'\n"],
    ['changed', ['Ana', 'Eve'], "  - Ana   # lead\n  # and\n  - 'Eve'\n"],
    ['added at the start', ['Zoe', 'Ana', 'Bo'], "  - Zoe\n  - Ana   # lead\n  # and\n  - 'Bo'\n"],
  ])('a line of a list is %s', (_, value, written) => {
    expect(set(brief, 'authors', value)).toBe(brief.replace("  - Ana   # lead\n  # and\n  - 'Bo'\n", written))
  })

  test('a key within braces is changed, added and taken out', () => {
    const braces = '{src: a.png, alt: "A table"}'
    expect(set(brief, 'image.alt', 'Two: chairs')).toBe(
      brief.replace(braces, '{src: a.png, alt: "Two: chairs"}'),
    )
    expect(set(brief, 'image.credit', 'Photo: A. Name')).toBe(
      brief.replace(braces, '{src: a.png, alt: "A table", credit: "Photo: A. Name"}'),
    )
    expect(set(brief, 'image.src', null)).toBe(brief.replace(braces, '{alt: "A table"}'))
  })

  test('a new key stands where it belongs', () => {
    expect(set(brief, 'access', 'member')).toBe(
      brief.replace('# the first groups\n', '# the first groups\naccess: member\n'),
    )
    expect(set('---\ndate: 2025\n---\n', 'title', 'T')).toBe('---\ntitle: T\ndate: 2025\n---\n')
    expect(set('---\ntitle: T\n---\n', 'image.alt', 'A')).toBe('---\ntitle: T\nimage:\n  alt: A\n---\n')
    expect(set('---\nimage:\n  src: x\n---\n', 'image.credit', 'C')).toBe(
      '---\nimage:\n  src: x\n  credit: C\n---\n',
    )
  })

  test('a key is taken out with its line, and the last of a group with the group', () => {
    expect(set(brief, 'date', null)).toBe(brief.replace('date: 2025-11-10 # Monday\n', ''))
    expect(set(brief, 'authors', null)).toBe(
      brief.replace("authors:\n  - Ana   # lead\n  # and\n  - 'Bo'\n", ''),
    )
    expect(set('---\nimage:\n  alt: x\ndate: 1\n---\n', 'image.alt', null)).toBe('---\ndate: 1\n---\n')
  })

  test('a value that is not there yet keeps the comment behind its key', () => {
    expect(set('---\ntitle: # soon\ntags:\n---\n', 'title', 'T')).toBe('---\ntitle: T # soon\ntags:\n---\n')
    expect(set('---\ntitle: # soon\ntags:\n---\n', 'tags', ['a'])).toBe(
      '---\ntitle: # soon\ntags: [a]\n---\n',
    )
    expect(set('---\n---\nx', 'title', 'T')).toBe('---\ntitle: T\n---\nx')
  })

  test.each([
    ['no frontmatter', 'title: x\n'],
    ['frontmatter that is never closed', '---\ntitle: x\n'],
    ['broken YAML', '---\ntitle: "x\n---\n'],
    ['a list', '---\n- title\n---\n'],
    ['a value that others refer to', '---\ntitle: &x T\nstandfirst: *x\n---\n'],
    ['a key twice', '---\ntitle: a\ntitle: b\n---\n'],
  ])('is left alone in a text with %s', (_, text) => {
    expect(set(text, 'title', 'new')).toBe(null)
  })
})

/** What a form may be given: words, YAML’s own signs, controls, other scripts. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '---',
          '- ',
          ': ',
          ' #',
          '"',
          "'",
          '\n',
          '\\',
          '|',
          '>',
          '&a',
          '*a',
          '!!js',
          '{',
          '}',
          '[',
          ']',
          ',',
        ],
        ...[
          'true',
          'null',
          '~',
          '2025',
          '0x1',
          '%',
          '@',
          '`',
          '?',
          '\u2028',
          '\ufeff',
          '\t',
          '…',
          '\ud800',
          '<<: ',
        ],
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
)

const written = fc.constantFrom(
  ...['', 'plain', "'single'", '"double"', '|\n  block\n  text', '>-\n  folded', '[a, b]', '[]', '{x: y}'],
  ...['\n  - one # c\n  - two', '\n- one\n\n- two', '# nothing yet', '"x" # why', '\n  # inside\n  deep'],
  ...['&anchor x', '*anchor', '!!str y', '[a, # c\n  b]', '\n  src: a.png\n  # between\n  alt: b', "''"],
)

const front = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...order, 'unknown', '"quoted"'),
      value: written,
      above: fc.constantFrom('', '# note\n', '\n'),
    }),
    {
      selector: ({ key }) => key.split('.')[0],
      maxLength: 6,
    },
  )
  .map((pairs) => pairs.map(({ key, value, above }) => `${above}${key.split('.')[0]}: ${value}\n`).join(''))

test('whatever is set is read back, and nothing else is another: not a comment, not a byte of the body', () => {
  let done = 0
  fc.assert(
    fc.property(
      front,
      fc.constantFrom(...order),
      fc.oneof(hostile, fc.array(hostile, { maxLength: 4 }), fc.constant(null)),
      (yaml, key, value) => {
        const text = `---\n${yaml}---\nBody # of\n---\ntitle: x\n`
        const after = set(text, key, value)
        if (after === null) return
        done++
        const [was, is] = [read(text), read(after)]
        expect(valueAt(is, key.split('.'))).toEqual(value === null ? undefined : value)
        expect(without(is, key)).toEqual(without(was, key))
        expect(after.endsWith('---\nBody # of\n---\ntitle: x\n')).toBe(true)
        // Lines that hold neither the key nor its value are where they were.
        const lines = new Set(after.split('\n'))
        const kept = yaml.split('\n').filter((line) => /^(?:# note|unknown|"quoted")/u.test(line))
        for (const line of kept) expect([...lines]).toContain(line)
        // Set once more, it is as it was.
        expect(set(after, key, value)).toBe(after)
      },
    ),
    { numRuns: 3_000 },
  )
  expect(done).toBeGreaterThan(1_500)
})

function read(text: string): Record<string, unknown> {
  const source = readSourceText('x.md', text).text ?? ''
  const { yaml, findings } = splitFrontmatter('x.md', source)
  expect(findings).toEqual([])
  expect(yaml?.findings).toEqual([])
  return { ...Object(yaml?.value) }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => Reflect.get(Object(at), step), value)
}

function without(value: Record<string, unknown>, key: string): unknown {
  const [first = '', second] = key.split('.')
  const { [first]: own, ...rest } = value
  if (second === undefined) return rest
  const { [second]: _, ...others } = Object(typeof own === 'object' ? own : {}) as Record<string, unknown>
  return { ...rest, others }
}
