import { findVoices, type Voices } from '../sources/independence.ts'
import { passageUrl } from '../sources/passage.ts'
import { quotationMatcher } from '../sources/quotation.ts'
import { shinglesOf } from '../sources/shingles.ts'
import type { SnapshotTexts } from '../sources/snapshot-texts.ts'
import type { Ledger, Source } from '../sources/source.ts'
import { surroundings, type Passage } from './surroundings.ts'

/** What an issue knows from the stored copies of its sources; without them, from the ledger alone. */
export interface StoredCopies {
  /** The link to where a source says `quote`, or null: no address, or no place that can be trusted. */
  linkTo(source: Source, quote: string): string | null
  /** When the copy of a source was taken, ISO 8601, or null: there is none here. */
  capturedAt(source: Source): string | null
  /** Where the copy says `quote`, with the words around it, but for those of `withheld`. */
  passage(source: Source, quote: string, withheld: readonly string[]): Passage
  /** Which sources are one voice. */
  readonly voices: Voices
}

/** Reads the copies that the ledger names. What is costly is made when it is first asked for, and kept. */
export async function readStoredCopies(
  ledger: Ledger,
  snapshots: SnapshotTexts | null,
): Promise<StoredCopies> {
  const texts = new Map<string, string>()
  const captures = new Map<string, string>()
  for (const { id, snapshot } of ledger.values()) {
    const text = snapshot === null || snapshots === null ? null : await snapshots.readText(snapshot)
    if (text === null || snapshot === null) continue
    texts.set(id, text)
    const capturedAt = (await snapshots?.capturedAt(snapshot)) ?? null
    if (capturedAt !== null) captures.set(id, capturedAt)
  }
  const links = new Map<string, string | null>()
  const matchers = new Map<string, ReturnType<typeof quotationMatcher>>()
  let voices: Voices | null = null
  return {
    linkTo: (source, quote) => {
      if (source.url === null) return null
      const key = JSON.stringify([source.id, quote])
      const known = links.get(key)
      if (known !== undefined) return known
      const link = passageUrl(source.url, quote, texts.get(source.id))
      links.set(key, link)
      return link
    },
    capturedAt: ({ id }) => captures.get(id) ?? null,
    passage: ({ id }, quote, withheld) => {
      const text = texts.get(id)
      if (text === undefined) return { quote, before: '', after: '', found: false }
      const match = matchers.get(id) ?? quotationMatcher(text)
      matchers.set(id, match)
      return { quote, ...surroundings(text, match, quote, withheld) }
    },
    get voices() {
      return (voices ??= findVoices(ledger.values(), (id) => {
        const text = texts.get(id)
        return text === undefined ? null : shinglesOf(text)
      }))
    },
  }
}
