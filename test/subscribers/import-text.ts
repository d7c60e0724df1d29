import { importSubscribers, type ImportOptions, type ImportResult } from '../../src/subscribers/import.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'

/** Imports a file given as text or bytes, in small chunks, into the newsletter `weekly`. */
export function importText(
  store: SubscriberStore,
  file: string | Buffer,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  const bytes = Buffer.from(file)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
  }
  return importSubscribers(store, chunks(), {
    newsletters: ['weekly', 'daily'],
    newsletter: 'weekly',
    newsletterColumn: true,
    tier: null,
    source: 'import:people.csv',
    map: new Map(),
    now: Date.UTC(2026, 10, 22),
    dryRun: false,
    signal: new AbortController().signal,
    ...options,
  })
}
