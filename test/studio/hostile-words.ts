import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'

/** Text that tries to become more than text. */
export interface HostileWords {
  /** What it tries: a class of test/fixtures/xss/words.json. */
  readonly kind: string
  readonly text: string
}

/** A machine that must never hear of anything. */
export const elsewhere = 'leak.evil.test'

const classes = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/xss/words.json'), 'utf8'),
) as Readonly<Record<string, readonly string[]>>

/** `RAN` calls what the browser’s test listens to, `LEAK` is elsewhere. */
const armed = (kind: string, text: string): string =>
  text.replaceAll('RAN', `ran('${kind}')`).replaceAll('LEAK', elsewhere)

const listed: readonly HostileWords[] = [
  ...Object.entries(classes).flatMap(([kind, texts]) =>
    texts.map((text) => ({ kind, text: armed(kind, text) })),
  ),
  { kind: 'text', text: 'W'.repeat(4_000) },
]

const before = ['', '"', "'>", '-->', '</textarea></title></style>', ']]>', '*/', '`', '\\', '&', '<!--']
const after = ['', '<!--', '//', ' x="', "'", '\u0000', '\u202e', '\n', '{{', '--']

const mixedCase = (text: string, at: number): string =>
  text.replace(/<\/?[a-z]+/gi, (tag) => (at % 2 === 0 ? tag.toUpperCase() : tag))

const made = fc
  .tuple(
    fc.constantFrom(...before),
    fc.constantFrom(...listed.filter(({ text }) => text.length < 300)),
    fc.constantFrom(...listed.filter(({ text }) => text.length < 300)),
    fc.constantFrom(...after),
    fc.nat(3),
  )
  .map(([start, one, other, end, at]) => ({
    kind: `${one.kind}+${other.kind}`,
    text: mixedCase(`${start}${one.text}${end}${at > 1 ? other.text : ''}`, at),
  }))

/** The list, and `more` that are put together of it. */
export function hostileWords(more: number, seed?: number): readonly HostileWords[] {
  return [...listed, ...fc.sample(made, seed === undefined ? more : { numRuns: more, seed })]
}
