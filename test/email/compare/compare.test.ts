import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  blockText,
  compareEditions,
  type Change,
  type Comparison,
} from '../../../src/email/compare/compare.ts'
import { readSeen, textOf } from '../../../src/email/compare/seen.ts'
import type { Edition } from '../../../src/email/edition.ts'
import type { ListedSource } from '../../../src/issue/sources-document.ts'
import { linkKey } from '../../../src/sources/link-key.ts'
import { sampleEdition } from '../sample-edition.ts'

const mail = (body: string, change: Partial<Edition> = {}): Edition =>
  sampleEdition({
    html: `<!doctype html><html><head><title>no</title><style>p{}</style></head><body><div style="display:none">pre</div>${body}</body></html>`,
    ...change,
  })

const listed = (id: string, number: number, change: Partial<ListedSource> = {}): ListedSource => ({
  ...{ id, number, title: `Title of ${id}`, publisher: id.toUpperCase(), authors: [], published: '2025' },
  ...{
    kind: 'wire',
    lang: null,
    party: null,
    url: `https://${id}.example/`,
    passageUrl: null,
    archive: null,
  },
  ...{ quotes: [], capturedAt: null, snapshot: null, locked: null, via: [] },
  ...change,
})

const withSources = (...sources: ListedSource[]): Partial<Edition> => ({
  sources: { ...sampleEdition().sources, sources },
})

const compare = (before: Edition, after: Edition): Comparison => compareEditions(before, after, linkKey)

/** A change in a line, for inline snapshots. */
function told(change: Change): string {
  switch (change.kind) {
    case 'subject':
    case 'preheader':
    case 'from':
    case 'replyTo':
      return `${change.kind}: ${marked(change.segments)}`
    case 'text':
      return `${change.how}: ${marked(change.segments)}`
    case 'link':
      return `link “${change.words}”: ${change.from} > ${change.to}`
    case 'citation':
      return `${change.mark} leads to ${change.to?.id}, not ${change.from?.id}`
    case 'image':
      return `image ${change.how}: ${change.from?.src} “${change.from?.alt}” > ${change.to?.src} “${change.to?.alt}”`
    case 'source':
      return `source ${change.how}: ${change.to?.id ?? change.from?.id} ${change.from?.number} > ${change.to?.number} ${change.fields.join()}`
  }
}

const signs = { same: '', link: '~', added: '+', removed: '-' } as const

function marked(segments: readonly { readonly kind: keyof typeof signs; readonly text: string }[]): string {
  return segments.map(({ kind, text }) => (kind === 'same' ? text : `{${signs[kind]}${text}}`)).join('')
}

const changes = (before: Edition, after: Edition) => compare(before, after).changes.map(told)

test('words that were added and taken out are told, and nothing about those that stayed', () => {
  const before = mail('<h2>What happened</h2><p>The talks ended on 7 November. Nobody signed.</p>')
  const after = mail('<h2>What happened</h2><p>The talks ended on 8 November. Hardly anybody signed.</p>')
  expect(changes(before, after)).toEqual([
    'changed: The talks ended on{- 7}{+ 8} November.{- Nobody}{+ Hardly anybody} signed.',
  ])
})

test('markup, styles, white space and entities are nothing that a reader sees', () => {
  const before = mail('<p>It is <b>over</b>, says&#32;Asif.</p><p>Fine</p>')
  const after = mail(
    '<table><tr><td>\n<p class="x" style="color:red">It  is ov<em>er</em>,\n says Asif.</p></td></tr></table><!-- x --><div>Fine&zwnj;</div>',
  )
  expect(compare(before, after).changes).toEqual([])
})

test('a paragraph that is new, one that is gone and one that stands elsewhere are told apart', () => {
  const p = (text: string) => `<p>${text}</p>`
  const one = p('The first paragraph says one thing about the harbour and its cranes.')
  const two = p('The second speaks of the mayor, who has not been seen for a week.')
  const three = p('A third is about fish, their price, and who pays it in the end.')
  expect(changes(mail(one + two + three), mail(three + one + p('Something else entirely.')))).toEqual([
    'removed: {-The second speaks of the mayor, who has not been seen for a week.}',
    'moved: The first paragraph says one thing about the harbour and its cranes.',
    'added: {+Something else entirely.}',
  ])
})

test('a link that leads elsewhere under the same words is told, one without its tracking is not', () => {
  const link = (href: string) => mail(`<p>Read <a href="${href}">the report</a> today.</p>`)
  expect(changes(link('https://un.example/a'), link('https://un.example/b'))).toEqual([
    'link “the report”: https://un.example/a > https://un.example/b',
  ])
  expect(changes(link('https://un.example/a?utm_source=x'), link('https://un.example/a'))).toEqual([])
  expect(changes(link('https://un.example/a'), link('https://un.example/a#:~:text=dead'))).toHaveLength(1)
  expect(changes(mail('<p>Read it.</p>'), mail('<p><a href="https://a.example/">Read it</a>.</p>'))).toEqual([
    'link “Read it”: null > https://a.example/',
  ])
})

test('a link in new words is told with where it leads, one that is gone with where it led', () => {
  const [map, plan] = [
    '<a href="https://a.example/map">the map</a>',
    '<a href="https://a.example/plan">It</a>',
  ]
  const [without, withMap] = [mail('<p>Nobody left.</p>'), mail(`<p>Nobody left. See ${map}.</p>`)]
  expect(changes(without, withMap)).toEqual([
    'changed: Nobody left.{+ See}{+ the map}{+.}',
    'link “the map”: null > https://a.example/map',
  ])
  expect(changes(withMap, without)[1]).toBe('link “the map”: https://a.example/map > null')
  const added = changes(without, mail(`<p>Nobody left.</p><p>${plan} is new [1].</p>`))
  expect(added).toEqual(['added: {+It}{+ is new [1].}', 'link “It”: null > https://a.example/plan'])
  // Other words of the same link, and a citation, which its source tells of, are not.
  expect(
    changes(withMap, mail(`<p>Nobody left. See ${map.replace('the map', 'a new map')}.</p>`)),
  ).toHaveLength(1)
  const cited = mail('<p>Nobody left [1, <a href="#s">p. 4</a>]. <a href="https://a.example/">[2]</a></p>')
  expect(changes(without, cited)).toHaveLength(1)
})

test('another address of a source is told once, by the source, and any pair of addresses once in a block', () => {
  const version = (page: string): Edition => {
    const at = (words: string): string => `<a href="https://a.example/${page}#:~:text=${words}">[1]</a>`
    return mail(
      `<p>It sank ${at('sank')}. Nobody ${at('none')} left ${at('left')}.</p><p>Fog ${at('fog')}.</p>`,
      withSources(listed('a', 1, { url: `https://a.example/${page}` })),
    )
  }
  expect(changes(version('one'), version('two'))).toEqual(['source changed: a 1 > 1 url'])
  const other = (page: string): Edition => {
    const at = `https://b.example/${page}#:~:text=`
    return mail(`<p>See <a href="${at}x">this</a> and <a href="${at}y">that</a>.</p>`)
  }
  expect(changes(other('one'), other('two'))).toEqual([
    'link “this”: https://b.example/one > https://b.example/two',
  ])
})

test('a citation that stands for another source is told by its number, with a link or without', () => {
  for (const cite of ['<a href="https://a.example/">[1]</a>', '[1]']) {
    const before = mail(`<p>It sank ${cite}.</p>`, withSources(listed('a', 1), listed('b', 2)))
    const after = mail(
      `<p>It sank ${cite.replace('//a.', '//b.')}.</p>`,
      withSources(listed('b', 1), listed('a', 2)),
    )
    expect(changes(before, after)).toEqual([
      '[1] leads to b, not a',
      'source renumbered: b 2 > 1 ',
      'source renumbered: a 1 > 2 ',
    ])
  }
})

test('a sentence whose citations only have other numbers is told as that', () => {
  const before = mail('<p>It sank [1, p. 4][2].</p>', withSources(listed('a', 1), listed('b', 2)))
  const after = mail(
    '<p>Fog first [1].</p><p>It sank [2, p. 4][3].</p>',
    withSources(listed('c', 1), listed('a', 2), listed('b', 3)),
  )
  expect(changes(before, after)).toEqual([
    'added: {+Fog first [1].}',
    'renumbered: It sank{- [1, p. 4][2]}{+ [2, p. 4][3]}.',
    'source added: c undefined > 1 ',
    'source renumbered: a 1 > 2 ',
    'source renumbered: b 2 > 3 ',
  ])
})

test('sources that came, went or say something else are told with the fields that changed', () => {
  const before = mail('', withSources(listed('a', 1), listed('b', 2)))
  const after = mail('', withSources(listed('a', 1, { title: 'New', url: null }), listed('c', 2)))
  expect(changes(before, after)).toEqual([
    'source changed: a 1 > 1 title,url',
    'source added: c undefined > 2 ',
    'source removed: b 2 > undefined ',
  ])
})

test('an entry of the list of sources that other numbers moved, or that is told with its source, is told once', () => {
  const entry = ({ publisher, title }: ListedSource): string =>
    `<li>${publisher}, <a href="https://x.test">${title}</a> 2 November 2025 · wire, as it was said</li>`
  const [a, b, c] = [listed('dawn', 1), listed('geo', 2), listed('un', 3)]
  const [b1, c2, a3] = [listed('geo', 1), listed('un', 2, { title: 'Said again' }), listed('dawn', 3)]
  const list = (...sources: ListedSource[]): Edition =>
    mail(
      `<ol>${sources.map(entry).join('')}<li>A point of ours, that stands alone here</li></ol>`,
      withSources(...sources),
    )
  const { changes, blocks } = compare(list(a, b, c), list(b1, c2, a3))
  expect(changes.map(told)).toEqual([
    'source renumbered: geo 2 > 1 ',
    'source changed: un 3 > 2 title',
    'source renumbered: dawn 1 > 3 ',
  ])
  expect(blocks.some(({ how }) => how === 'moved')).toBe(true)
  const moved = compare(list(a), mail(`<p>New.</p>${list(a).html}`, withSources(a)))
  expect(moved.changes.map(told)).toEqual(['added: {+New.}'])
})

test('another picture and another description of one are told; another address of the site is not', () => {
  const image = (src: string, alt: string) => mail(`<p>Before</p><img src="${src}" alt="${alt}"><p>After</p>`)
  const before = image('https://one.example/images/a.png', 'The quay')
  expect(changes(before, image('https://one.example/images/b.png', 'The quay'))).toEqual([
    'image picture: https://one.example/images/a.png “The quay” > https://one.example/images/b.png “The quay”',
  ])
  expect(changes(before, image('https://two.example/images/a.png', 'The quay by night'))).toHaveLength(1)
  expect(changes(before, image('https://two.example/images/a.png', 'The quay'))).toEqual([])
  expect(changes(before, mail('<p>Before</p><p>After</p>'))).toEqual([
    'image removed: https://one.example/images/a.png “The quay” > undefined “undefined”',
  ])
})

test('subject, sender, address for replies and preheader are told first', () => {
  const { envelope } = sampleEdition()
  const from = { name: 'The desk', address: 'desk@brief.test' }
  const after = mail('<p>x</p>', {
    ...{
      subject: 'Talks end in Ankara',
      preheader: 'What each side asked',
      envelope: { ...envelope, from, replyTo: null },
    },
  })
  expect(changes(mail('<p>x</p>', { subject: 'Talks end in Istanbul' }), after)).toEqual([
    'subject: Talks end in{- Istanbul}{+ Ankara}',
    'from: {-Jörg & die Redaktion, Berlin}{+The desk} <desk@brief.test>',
    'replyTo: {-letters@brief.test}',
    'preheader: What each side asked{- for}',
  ])
})

test('text without spaces between its words is compared character by character', () => {
  expect(changes(mail('<p>停戦は双方が維持</p>'), mail('<p>停戦は一方が維持</p>'))).toEqual([
    'changed: 停戦は{-双}{+一}方が維持',
  ])
})

test('a change says where it is, by its block and its position mark', () => {
  const html = (words: string) =>
    mail(`<div data-l="a.md:3"><p>One</p><p data-l="a.md:9">${words} here</p></div>`)
  const { changes: found, blocks } = compare(html('Two'), html('Three'))
  expect(found).toMatchObject([{ at: { block: 1, line: 'a.md:9' } }])
  expect(blocks.map(({ how, line }) => `${how} ${line}`)).toEqual(['same a.md:3', 'changed a.md:9'])
  const spans =
    '<td><span data-l="0:4:1"></span>One <b data-l="0:4:9">more</b></td><td>Two</td><p><span data-l="0:7:1"></span></p><p>3</p>'
  expect(readSeen(spans).map((each) => each.line)).toEqual(['0:4:1', null, null])
})

const word = fc.constantFrom(
  'the',
  'talks',
  'ended',
  'in',
  'fog',
  '[1]',
  '[2, p. 3]',
  'Über',
  '停戦',
  ',',
  '7.5',
)
const phrase = fc
  .tuple(
    fc.array(word, { minLength: 1, maxLength: 12 }),
    fc.constantFrom('', 'https://a.example/', 'https://b.example/'),
  )
  .map(([words, href]) => (href === '' ? words.join(' ') : `<a href="${href}">${words.join(' ')}</a>`))
const block = fc
  .tuple(fc.constantFrom('p', 'h2', 'li', 'td'), fc.array(phrase, { minLength: 1, maxLength: 4 }))
  .map(([name, phrases]) => `<${name}>${phrases.join(' ')}</${name}>`)
const body = fc.array(block, { maxLength: 12 })
const bare = (text: string) => text.replace(/\s+/gu, '')
const reading = (html: string) => readSeen(html).map(({ words }) => bare(textOf(words)))

test('what stayed and was added reads as the later mail, what stayed and was removed as the earlier', () => {
  fc.assert(
    fc.property(body, body, (a, b) => {
      const [before, after] = [mail(a.join('')), mail(b.join(''))]
      const { blocks } = compare(before, after)
      const side = (which: 'before' | 'after', left: 'added' | 'removed') =>
        blocks
          .filter((each) => each[which] !== null)
          .toSorted((x, y) => Number(x[which]) - Number(y[which]))
          .map(({ segments }) =>
            bare(segments.flatMap(({ kind, text }) => (kind === left ? [] : [text])).join('')),
          )
      expect(side('after', 'removed')).toEqual(reading(after.html))
      expect(side('before', 'added')).toEqual(reading(before.html))
    }),
    { numRuns: 300 },
  )
})

test('a mail compared with itself shows no change, and one with another word shows one', () => {
  fc.assert(
    fc.property(body, fc.nat(), (a, at) => {
      const html = a.join('')
      expect(compare(mail(html), mail(html)).changes).toEqual([])
      const other = a.toSpliced(at % (a.length + 1), 1, '<p>unheard</p>')
      expect(compare(mail(html), mail(other.join(''))).changes.length).toBeGreaterThan(0)
    }),
    { numRuns: 150 },
  )
})

test('twenty thousand words are compared within a second, whatever changed', () => {
  const long = (seed: number, words: number) =>
    Array.from({ length: 20_000 / words }, (_, i) => {
      const text = Array.from({ length: words }, (__, j) => `w${((i * words + j) * seed * 7919) % 1_201}`)
      return `<p>${text.join(' ')}</p>`
    }).join('')
  for (const [a, b] of [
    [long(3, 100), long(3, 100).replaceAll('w1 ', 'x1 ')],
    [long(3, 100), long(5, 100)],
    [long(3, 20_000), long(5, 20_000)],
    [long(3, 4), long(5, 4)],
  ]) {
    const started = process.cpuUsage()
    expect(compare(mail(a ?? ''), mail(b ?? '')).changes.length).toBeGreaterThan(0)
    // Of this process, so that a busy machine counts for nothing.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000)
  }
})

test('the text of a block is what it reads as', () => {
  const { blocks } = compare(mail('<p>It sank.</p><p>Gone now.</p>'), mail('<p>It swam.</p>'))
  expect(blocks.map(blockText)).toEqual(['It swam.', 'Gone now.'])
})
