import { overlap, type Shingles } from './shingles.ts'
import type { Source } from './source.ts'

/** Why two sources are one voice. `same`: they are one source. */
export type SharedVoice = 'same' | 'origin' | 'text'

/** What is cited: a source, or an origin reached through a relay. A `CitationItem` is one. */
export interface Cited {
  readonly id: string
  readonly via: string | null
}

/** Who is heard through which source. */
export interface Voices {
  /** A name of the voice behind a source: equal for sources that are one voice. */
  voiceOf(id: string): string
  /** Why two sources are one voice, or null: they are two. */
  shared(a: string, b: string): SharedVoice | null
  /** The party whose word a source gives: its own, else that of the origin it relays; null: nobody's. */
  partyOf(id: string): string | null
  /**
   * The independent voices of a claim's citations, by name, in order of first mention: one voice
   * counts once, a relay once with what it relays, and a party once, since it does not corroborate itself.
   */
  independent(items: readonly Cited[]): readonly string[]
}

/** Half of the shorter text stands in the other. Two reports of one event share far less. */
export const NEAR_DUPLICATE = 0.5
/** Shingles below which two texts are too short to be compared: about 50 words. */
const FEWEST_SHINGLES = 40

type Heard = Pick<Source, 'id' | 'origin' | 'party' | 'kind' | 'publisher'>

/**
 * Finds which of `sources` are one voice: those that relay one origin (followed through `origin` from
 * entry to entry, or a wire's name in any usual spelling), and those whose stored texts are nearly the
 * same. Whatever is one voice with a third is one voice.
 *
 * @param shinglesOf a source's stored text, by id; null where there is none to compare
 */
export function findVoices(sources: Iterable<Heard>, shinglesOf: (id: string) => Shingles | null): Voices {
  const known = new Map([...sources].map((source) => [source.id, source]))
  const wires = new Map<string, string>()
  for (const { id, kind, origin, publisher } of known.values()) {
    if (kind === 'wire' && origin === null) wires.set(wireName(publisher), id)
  }

  /** The last origin of the chain: a source's id, or `wire:` and a name. */
  const originOf = (id: string): string => {
    const met = new Set<string>()
    for (let at = id; ;) {
      const origin = known.get(at)?.origin ?? null
      // Of a circle no link is the first; the least id stands for all of them.
      if (met.has(at)) return [...circleFrom(at, known)].sort()[0] ?? at
      if (origin === null) return at
      met.add(at)
      if (known.has(origin)) at = origin
      else return wires.get(wireName(origin)) ?? `wire:${wireName(origin)}`
    }
  }

  const byOrigin = new Map([...known.keys()].map((id) => [id, originOf(id)]))
  const groups = unions()
  for (const [id, origin] of byOrigin) groups.join(origin, id)
  for (const [a, b] of nearDuplicates([...known.keys()], shinglesOf)) groups.join(a, b)

  const voiceOf = (id: string): string => groups.of(id)
  const partyOf = (id: string): string | null => {
    const own = known.get(id)?.party ?? known.get(byOrigin.get(id) ?? id)?.party ?? null
    if (own !== null) return own
    const copied = [...known.values()].find(
      (other) => other.party !== null && other.origin === null && voiceOf(other.id) === voiceOf(id),
    )
    return copied?.party ?? null
  }
  return {
    voiceOf,
    shared: (a, b) => {
      if (a === b) return 'same'
      if (voiceOf(a) !== voiceOf(b)) return null
      return byOrigin.get(a) === byOrigin.get(b) ? 'origin' : 'text'
    },
    partyOf,
    independent: (items) => {
      const claim = unions()
      const first: string[] = []
      for (const { id, via } of items) {
        const voice = voiceOf(id)
        first.push(voice)
        if (via !== null) claim.join(voice, voiceOf(via))
        const party = partyOf(id)
        if (party !== null) claim.join(voice, `party:${party.toLowerCase()}`)
      }
      const seen = new Map(first.toReversed().map((voice) => [claim.of(voice), voice]))
      return [...new Set(first.flatMap((voice) => seen.get(claim.of(voice)) ?? []))]
    },
  }
}

/** The pairs of which one text is for the most part the other's. */
function nearDuplicates(
  ids: readonly string[],
  shinglesOf: (id: string) => Shingles | null,
): [string, string][] {
  const texts = ids.flatMap((id) => {
    const shingles = shinglesOf(id)
    if (shingles === null || shingles.length < FEWEST_SHINGLES) return []
    // The lowest sixteenth of the hashes tells most pairs apart at a sixteenth of the cost.
    const end = shingles.findIndex((hash) => hash >= 2 ** 28)
    const sample = end === -1 ? shingles : shingles.subarray(0, end)
    return [{ id, shingles, sample }]
  })
  const pairs: [string, string][] = []
  for (const [index, a] of texts.entries()) {
    for (const b of texts.slice(index + 1)) {
      const isLarge = a.sample.length >= 50 && b.sample.length >= 50
      if (isLarge && overlap(a.sample, b.sample) < NEAR_DUPLICATE / 2) continue
      if (overlap(a.shingles, b.shingles) >= NEAR_DUPLICATE) pairs.push([a.id, b.id])
    }
  }
  return pairs
}

function circleFrom(start: string, known: ReadonlyMap<string, Heard>): Set<string> {
  const circle = new Set<string>()
  for (let at: string | null = start; at !== null && !circle.has(at);) {
    circle.add(at)
    at = known.get(at)?.origin ?? null
  }
  return circle
}

const WIRES: ReadonlyMap<string, string> = new Map([
  ['associated press', 'ap'],
  ['agence france-presse', 'afp'],
  ['agence france presse', 'afp'],
  ['thomson reuters', 'reuters'],
  ['deutsche presse-agentur', 'dpa'],
  ['press trust of india', 'pti'],
  ['asian news international', 'ani'],
  ['anadolu agency', 'anadolu'],
  ['anadolu ajansi', 'anadolu'],
  ['xinhua news agency', 'xinhua'],
  ['united press international', 'upi'],
])

/** “The Associated Press (AP)” and “AP” are one name. */
function wireName(written: string): string {
  const name = written
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(.*?\)|^the\s/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return WIRES.get(name) ?? name
}

/** Sets that grow together; the name of a set is the first that was joined. */
function unions(): { of(name: string): string; join(a: string, b: string): void } {
  const parents = new Map<string, string>()
  const of = (name: string): string => {
    const parent = parents.get(name)
    return parent === undefined ? name : of(parent)
  }
  return {
    of,
    join: (a, b) => {
      const [left, right] = [of(a), of(b)]
      if (left !== right) parents.set(right, left)
    },
  }
}
