import { describe, expect, test } from 'vitest'
import { findVoices } from '../../src/sources/independence.ts'
import { overlap, shinglesOf } from '../../src/sources/shingles.ts'
import type { Source } from '../../src/sources/source.ts'
import { cpuTime } from '../cpu-time.ts'

type Heard = Pick<Source, 'id' | 'origin' | 'party' | 'kind' | 'publisher'>

function source(id: string, rest: Partial<Heard> = {}): Heard {
  return { id, origin: null, party: null, kind: 'newspaper', publisher: id, ...rest }
}

const cite = (...ids: string[]) => ids.map((id) => ({ id, via: null }))

/** `count` words that no other seed shares. */
const words = (seed: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${seed}${index}`).join(' ')

function voices(sources: readonly Heard[], texts: Readonly<Record<string, string>> = {}) {
  return findVoices(sources, (id) => (texts[id] === undefined ? null : shinglesOf(texts[id])))
}

describe('the voices behind sources', () => {
  test('two papers that relay one ministry are one voice, and the party its', () => {
    const found = voices([
      source('ministry', { kind: 'official', party: 'afghanistan' }),
      source('dawn', { origin: 'ministry' }),
      source('amu', { origin: 'ministry' }),
      source('unama', { kind: 'un' }),
    ])
    expect(found.shared('dawn', 'amu')).toBe('origin')
    expect(found.shared('dawn', 'ministry')).toBe('origin')
    expect(found.shared('dawn', 'unama')).toBeNull()
    expect(found.partyOf('dawn')).toBe('afghanistan')
    expect(found.independent(cite('dawn', 'amu'))).toHaveLength(1)
    expect(found.independent(cite('dawn', 'unama', 'amu'))).toHaveLength(2)
  })

  test('an origin is followed from entry to entry, and a circle ends', () => {
    const found = voices([
      source('a', { origin: 'b' }),
      source('b', { origin: 'c' }),
      source('c'),
      source('x', { origin: 'y' }),
      source('y', { origin: 'x' }),
      source('z', { origin: 'y' }),
    ])
    expect(found.shared('a', 'c')).toBe('origin')
    expect(found.shared('x', 'y')).toBe('origin')
    expect(found.shared('z', 'x')).toBe('origin')
    expect(found.shared('a', 'x')).toBeNull()
  })

  test.each([
    ['AP', 'The Associated Press'],
    ['AFP', 'Agence France-Presse (AFP)'],
    ['Reuters', 'reuters'],
  ])('a wire is one voice whether it is written %s or %s', (one, other) => {
    const found = voices([source('a', { origin: one }), source('b', { origin: other })])
    expect(found.shared('a', 'b')).toBe('origin')
  })

  test('a reprint and the wire’s own page in the ledger are one voice', () => {
    const found = voices([
      source('a', { origin: 'AP' }),
      source('b', { kind: 'wire', publisher: 'Associated Press' }),
    ])
    expect(found.shared('a', 'b')).toBe('origin')
  })

  test('a party does not corroborate itself through two of its offices', () => {
    const found = voices([
      source('army', { kind: 'official', party: 'Pakistan' }),
      source('ministry', { kind: 'official', party: 'pakistan' }),
    ])
    expect(found.shared('army', 'ministry')).toBeNull()
    expect(found.independent(cite('army', 'ministry'))).toHaveLength(1)
  })

  test('a relay counts with what it relays in that claim alone', () => {
    const found = voices([source('moe'), source('ledger')])
    expect(found.independent([{ id: 'moe', via: 'ledger' }, ...cite('ledger')])).toEqual(['moe'])
    expect(found.independent(cite('moe', 'ledger'))).toEqual(['moe', 'ledger'])
  })

  test('a paper that prints another’s text is its voice, with paragraphs added and words changed', () => {
    const report = words('w', 300)
    const edited = report
      .split(' ')
      .map((word, index) => (index % 30 === 29 ? `new${index}` : word))
      .join(' ')
    const found = voices([source('a'), source('b'), source('c')], {
      a: report,
      b: `${words('lead', 40)} ${edited} ${words('tail', 200)}`,
      c: `${words('own', 250)} ${report.split(' ').slice(0, 50).join(' ')}`,
    })
    expect(found.shared('a', 'b')).toBe('text')
    expect(found.shared('a', 'c')).toBeNull()
  })

  test('a paper that prints a party’s release is the party’s word', () => {
    const release = words('r', 200)
    const found = voices([source('army', { kind: 'official', party: 'pakistan' }), source('paper')], {
      army: release,
      paper: release,
    })
    expect(found.partyOf('paper')).toBe('pakistan')
    expect(found.independent(cite('army', 'paper'))).toHaveLength(1)
  })

  test('texts too short to compare are not compared', () => {
    const found = voices([source('a'), source('b')], { a: words('w', 20), b: words('w', 20) })
    expect(found.shared('a', 'b')).toBeNull()
  })

  test('an id that the ledger does not have is a voice of its own', () => {
    const found = voices([source('a')])
    expect(found.voiceOf('nobody')).toBe('nobody')
    expect(found.independent(cite('a', 'nobody'))).toEqual(['a', 'nobody'])
  })
})

describe('shingles', () => {
  test('know no case, punctuation or typography', () => {
    const plain = shinglesOf('He said that it “wasn’t so”, and left the room at ten.')
    expect(overlap(plain, shinglesOf('HE SAID THAT IT "WASN\'T SO" AND LEFT THE ROOM AT TEN'))).toBe(1)
  })

  test('compare scripts without spaces by their letters', () => {
    const text = '停戦は双方が維持していると外務省は述べた'
    expect(shinglesOf(text).length).toBeGreaterThan(10)
  })

  test('compare 200 pages of 1,500 words in well under a second', () => {
    const ids = Array.from({ length: 200 }, (_, index) => `s${index}`)
    const texts = new Map(ids.map((id) => [id, shinglesOf(words(id, 1500))]))
    const start = cpuTime()
    findVoices(
      ids.map((id) => source(id)),
      (id) => texts.get(id) ?? null,
    )
    expect(cpuTime() - start).toBeLessThan(1000)
  })
})
