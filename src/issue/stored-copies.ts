import { findVoices, type Voices } from '../sources/independence.ts'
import { passageUrl } from '../sources/passage.ts'
import { shinglesOf } from '../sources/shingles.ts'
import type { SnapshotTexts } from '../sources/snapshot-texts.ts'
import type { Ledger, Source } from '../sources/source.ts'

/** What an issue knows from the stored copies of its sources; without them, from the ledger alone. */
export interface StoredCopies {
  /** The link to where a source says `quote`, or null: no address, or no place that can be trusted. */
  linkTo(source: Source, quote: string): string | null
  /** Which sources are one voice. */
  readonly voices: Voices
}

/** Reads the copies that the ledger names. What is costly is made when it is first asked for, and kept. */
export async function readStoredCopies(
  ledger: Ledger,
  snapshots: SnapshotTexts | null,
): Promise<StoredCopies> {
  const texts = new Map<string, string>()
  for (const { id, snapshot } of ledger.values()) {
    const text = snapshot === null || snapshots === null ? null : await snapshots.readText(snapshot)
    if (text !== null) texts.set(id, text)
  }
  const links = new Map<string, string | null>()
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
    get voices() {
      return (voices ??= findVoices(ledger.values(), (id) => {
        const text = texts.get(id)
        return text === undefined ? null : shinglesOf(text)
      }))
    },
  }
}
