import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { draftEntry } from '../../src/sources/draft.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { replaceFile } from '../../src/sources/replace-file.ts'
import { appendEntries, setField } from '../../src/sources/write-ledger.ts'

const hash = `sha256:${'a'.repeat(64)}`

const added = draftEntry({
  id: 'new-one',
  title: 'Talks: “the end” # of them',
  publisher: 'A paper',
  url: 'https://new.test/1?a=b#c',
  published: '2025-11-08',
  accessed: '2025-11-10',
  kind: 'newspaper',
  author: ['One', "O'Two"],
  quotes: ['true', '- not a list', 'sagte: „nein“'],
})

/** The lines that `after` has more than `before`, which must all be there, in order. */
function insertion(before: string, after: string): string {
  let head = 0
  while (head < before.length && before[head] === after[head]) head++
  const tail = before.length - head
  expect(after.endsWith(before.slice(head)), 'only an insertion').toBe(true)
  return after.slice(head, after.length - tail)
}

describe('an entry that is added', () => {
  test('stands after the last, in the file’s own manner', () => {
    const ledger = `# The ledger.
- id: a   # first
  title: 'One'
  publisher: "P"
  url: https://a.test/1
  published: 2025
  accessed: 2025
  # checked by Ana

# to do: the ministry
`
    const changed = appendEntries('sources.yaml', ledger, [added])
    expect(changed).toMatchInlineSnapshot(`
      "# The ledger.
      - id: a   # first
        title: 'One'
        publisher: "P"
        url: https://a.test/1
        published: 2025
        accessed: 2025
        # checked by Ana

      - id: new-one
        title: "Talks: “the end” # of them"
        publisher: A paper
        url: https://new.test/1?a=b#c
        published: 2025-11-08
        accessed: 2025-11-10
        kind: newspaper
        author:
          - One
          - O'Two
        quotes:
          - "true"
          - "- not a list"
          - "sagte: „nein“"

      # to do: the ministry
      "
    `)
  })

  test.each([
    ['nothing', ''],
    ['a comment', '# soon'],
    ['an empty list', '[]\n'],
    ['a list in brackets', '[{id: a, title: T}, {id: b, title: U}] # all\n'],
    ['no line end at its end', '- id: a\n  title: T'],
    ['Windows line ends', '- id: a\r\n  title: T\r\n\r\n- id: b\r\n  title: U\r\n'],
    ['a byte order mark', '\ufeff- id: a\n  title: T\n'],
    ['lines set in', '  - id: a\n    title: T\n  - id: b\n    title: U\n'],
    ['a text of several lines at its end', '- id: a\n  title: |\n    T\n    U\n\n\n'],
    ['a kept text at its end', '- id: a\n  title: |+\n    T\n\n'],
    ['a document end', '- id: a\n  title: T\n...\n'],
    ['a directive', '%YAML 1.2\n---\n- id: a\n  title: T\n'],
    ['entries that are wrong', '- id: a\n- {titel: x}\n- text\n'],
  ])('is read back from a file with %s, and so are the others', (_, content) => {
    const changed = appendEntries('sources.yaml', content, [added])
    const value = parseLedger('sources.yaml', changed).value
    expect(value?.get('new-one')).toMatchObject({
      title: added.title,
      author: added.author,
      quotes: added.quotes,
    })
    for (const id of parseLedger('sources.yaml', content).value?.keys() ?? [])
      expect(value?.has(id)).toBe(true)
    if (content.includes('\r\n')) expect(changed.replaceAll('\r\n', '')).not.toContain('\n')
  })

  test.each([
    ['a map', 'title: x\n'],
    ['text', 'hello\n'],
    ['a null', '~\n'],
    ['broken YAML', '- id: [a\n'],
    ['two documents', '- id: a\n---\n- id: b\n'],
    ['an alias bomb', `- &a [x, x]\n${'- [*a, *a, *a]\n'.repeat(30)}`],
  ])('is refused by a file that holds %s', (_, content) => {
    expect(() => appendEntries('sources.yaml', content, [added])).toThrow(/left as it is/)
  })

  test.each([
    ['no sources', '---\ntitle: x\ndate: 2025-01-01\n---\n\nText.\n'],
    ['empty sources', '---\nsources:\ntitle: x\n---\nText.\n'],
    ['an empty list', '---\nsources: []   # none\ntitle: x\n---\nText.\n'],
    [
      'sources before other keys',
      '---\ntitle: x\nsources:\n  - id: a\n    title: T # c\n\ntags: [x]\n---\nText.\n---\n',
    ],
    ['sources not set in', '---\nsources:\n- id: a\n  title: T\ntags: [x]\n---\r\n'],
  ])('goes into a brief’s frontmatter with %s', (_, content) => {
    const changed = appendEntries('one.md', content, [added])
    const body = /\n---[^\n]*\n[^]*$/u.exec(content)?.[0] ?? ''
    expect(changed.endsWith(body)).toBe(true)
    expect(setField('one.md', changed, 'new-one', 'snapshot', hash)).toContain(`snapshot: ${hash}`)
  })

  test('a brief without frontmatter is left alone', () => {
    expect(() => appendEntries('one.md', 'Text.\n', [added])).toThrow(/left as it is/)
  })
})

/** Ledgers as people write them. */
const scalar = fc.constantFrom(
  'plain',
  "'single ''quoted'''",
  '"double \\u00e9"',
  'two words  # a comment',
  '  spaced out',
)
const entryText = fc
  .record({
    id: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    title: scalar,
    publisher: scalar,
    dash: fc.constantFrom('- ', '-   '),
    comment: fc.constantFrom('', '  # a comment of its own\n', '\n# between\n', '\n\n', '   \n'),
    extra: fc.constantFrom(
      '',
      'quotes:\n  - "a"\n  - b\n',
      'quotes: [a, "b"]\n',
      'anonymity: {reason: x, access: y}\n',
      'note: >-\n  folded\n  text\n',
      'snapshot:\n',
      `snapshot: 'sha256:0'\n`,
    ),
    order: fc.boolean(),
  })
  .map(({ id, title, publisher, dash, comment, extra, order }) => {
    const fields = [`title: ${title}\n`, `publisher: ${publisher}\n`, 'accessed: 2025   # then\n']
    const lines = [`id: ${id}\n`, ...(order ? fields : fields.toReversed()), extra]
      .join('')
      .split('\n')
      .filter((line) => line !== '')
    const text =
      lines.map((line, index) => (index === 0 ? dash : ' '.repeat(dash.length)) + line).join('\n') + '\n'
    return { id, text: text + comment }
  })
const ledgerText = fc
  .tuple(
    fc.constantFrom('', '# head\n\n', '\n', '---\n'),
    fc.uniqueArray(entryText, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
    fc.boolean(),
  )
  .map(([head, entries, windows]) => {
    const text = head + entries.map((entry) => entry.text).join('')
    return { text: windows ? text.replaceAll('\n', '\r\n') : text, ids: entries.map(({ id }) => id) }
  })

test('adding entries to any ledger changes no byte of what was there', () => {
  fc.assert(
    fc.property(ledgerText, ({ text }) => {
      const inserted = insertion(
        text,
        appendEntries('sources.yaml', text, [added, { ...added, id: 'newer-one', url: null }]),
      )
      expect(inserted).toContain('id: newer-one')
    }),
    { numRuns: 400 },
  )
})

test('setting a field of an entry changes its line and no other byte', () => {
  fc.assert(
    fc.property(ledgerText, fc.nat(), ({ text, ids }, pick) => {
      const id = ids[pick % ids.length] ?? ''
      const changed = setField('sources.yaml', text, id, 'snapshot', hash)
      const had = text.split('\n')
      const has = changed.split('\n')
      const isNew = has.length === had.length + 1
      expect(isNew || has.length === had.length).toBe(true)
      const at = has.findIndex((line, index) => line !== had[index])
      expect(has[at]?.trim()).toBe(`snapshot: ${hash}`)
      expect([...has.slice(0, at), ...(isNew ? [] : [had[at]]), ...has.slice(at + 1)]).toEqual(had)
      expect(setField('sources.yaml', changed, id, 'snapshot', hash)).toBe(changed)
    }),
    { numRuns: 400 },
  )
})

test('a field is set in a list in brackets, and in an entry in braces', () => {
  expect(setField('sources.yaml', '[{id: a, title: "T"}]\n', 'a', 'snapshot', hash)).toBe(
    `[{id: a, title: "T", snapshot: "${hash}"}]\n`,
  )
  expect(setField('sources.yaml', '- {id: a, title: T } # x\n', 'a', 'accessed', '2025')).toBe(
    '- {id: a, title: T, accessed: "2025" } # x\n',
  )
  expect(() => setField('sources.yaml', '- id: a\n', 'b', 'accessed', '2025')).toThrow('no entry “b”')
})

test('any text comes back from the ledger as it was written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const title = text.toWellFormed().replace(/\s+/gu, ' ').trim() || 'x'
      const written = appendEntries('sources.yaml', '', [{ ...added, title, quotes: [] }])
      expect(parseLedger('sources.yaml', written).value?.get('new-one')?.title).toBe(title)
    }),
    { numRuns: 500 },
  )
})

describe('a file that is replaced', () => {
  function folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'onrecord-ledger-'))
    onTestFinished(() => rmSync(made, { recursive: true, force: true }))
    mkdirSync(join(made, 'briefs'))
    return made
  }

  test('is whole, new or old, and leaves nothing beside it', async () => {
    const root = folder()
    await replaceFile(root, 'briefs/sources.yaml', null, 'one')
    await replaceFile(root, 'briefs/sources.yaml', 'one', 'two')
    expect(readFileSync(join(root, 'briefs/sources.yaml'), 'utf8')).toBe('two')
    expect(readdirSync(join(root, 'briefs'))).toEqual(['sources.yaml'])
  })

  test('is not replaced when somebody saved it meanwhile', async () => {
    const root = folder()
    writeFileSync(join(root, 'briefs/sources.yaml'), 'theirs')
    await expect(replaceFile(root, 'briefs/sources.yaml', 'read', 'ours')).rejects.toThrow(
      /changed by somebody else/,
    )
    await expect(replaceFile(root, 'briefs/sources.yaml', null, 'ours')).rejects.toThrow(
      /changed by somebody else/,
    )
    expect(readFileSync(join(root, 'briefs/sources.yaml'), 'utf8')).toBe('theirs')
    expect(readdirSync(join(root, 'briefs'))).toEqual(['sources.yaml'])
  })

  test('is written by one command at a time', async () => {
    const root = folder()
    const tries = await Promise.allSettled(
      ['a', 'b', 'c'].map((text) => replaceFile(root, 'briefs/x.yaml', null, text)),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(readdirSync(join(root, 'briefs'))).toEqual(['x.yaml'])
  })

  test('is never outside the publication, by its path or through a link', async () => {
    const root = folder()
    const other = folder()
    writeFileSync(join(other, 'theirs.yaml'), 'theirs')
    symlinkSync(join(other, 'theirs.yaml'), join(root, 'briefs/sources.yaml'))
    await expect(replaceFile(root, 'briefs/sources.yaml', 'theirs', 'ours')).rejects.toThrow(/outside/)
    await expect(replaceFile(root, '../x.yaml', null, 'ours')).rejects.toThrow(/outside/)
    await expect(replaceFile(root, 'missing/x.yaml', null, 'ours')).rejects.toThrow(/outside/)
    expect(readFileSync(join(other, 'theirs.yaml'), 'utf8')).toBe('theirs')
  })
})
