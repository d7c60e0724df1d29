import { readCaptures, readSnapshot } from './snapshot.ts'

/** The stored copies of a publication, as far as their words are concerned. */
export interface SnapshotTexts {
  /** The readable text that a hash names (`sha256:…`), or null: not on this machine, or damaged. */
  readText(hash: string): Promise<string | null>
  /** When that text was first captured, ISO 8601, or null: nothing here says so. */
  capturedAt(hash: string): Promise<string | null>
}

/** Those under `dir`: `data/snapshots`. */
export function snapshotTexts(dir: string): SnapshotTexts {
  return {
    readText: async (hash) => {
      const kept = await readSnapshot(dir, hash)
      return kept.state === 'text' ? kept.text : null
    },
    capturedAt: async (hash) => (await readCaptures(dir, hash))[0]?.capturedAt ?? null,
  }
}
