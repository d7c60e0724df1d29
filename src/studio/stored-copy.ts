import { parseBody } from '../brief/body.ts'
import { citationsOf } from '../brief/citations.ts'
import { OnrecordError } from '../core/errors.ts'
import { quotationMatcher } from '../sources/quotation.ts'
import { readCaptures, readSnapshot } from '../sources/snapshot.ts'
import type { Source } from '../sources/source.ts'
import { setField } from '../sources/write-ledger.ts'
import type { QuoteCitation, StoredCopy } from './contract/sources.ts'
import type { SourceWorld } from './paste-source.ts'
import { readPage } from './read-page.ts'

/** The readable text of the copy that the ledger names. */
export async function readCopy(snapshotsDir: string | null, source: Source): Promise<StoredCopy> {
  const fetchable = source.url !== null && snapshotsDir !== null
  const none = (reason: string): StoredCopy => ({ text: null, reason, fetchable, capturedAt: null })
  if (source.snapshot === null || snapshotsDir === null) {
    return none(
      source.url === null
        ? 'No copy of this document is kept. Take one with: onrecord source snapshot --file'
        : 'No copy of this page is kept yet.',
    )
  }
  const kept = await readSnapshot(snapshotsDir, source.snapshot)
  switch (kept.state) {
    case 'missing':
      return none('The copy that the ledger names is not on this machine.')
    case 'damaged':
      return none(kept.message)
    case 'text': {
      const [first] = await readCaptures(snapshotsDir, source.snapshot)
      return { text: kept.text, reason: null, fetchable, capturedAt: first?.capturedAt ?? null }
    }
  }
}

/**
 * Fetches the page and keeps a copy, whose hash goes into the ledger where it has none that can be read.
 *
 * @throws OnrecordError `refused` with the reason why there is none
 */
export async function keepCopy(source: Source, signal: AbortSignal, world: SourceWorld): Promise<void> {
  const { snapshotsDir, files } = world
  if (source.url === null || snapshotsDir === null) {
    throw new OnrecordError('refused', 'No copy can be kept of what has no address.')
  }
  const { snapshot, trouble } = await readPage(source.url, { ...world, signal })
  if (snapshot === null) throw new OnrecordError('refused', `No copy could be kept. ${trouble ?? ''}`.trim())
  const { file } = source.place
  for (let attempt = 0; attempt < 8; attempt++) {
    signal.throwIfAborted()
    const { text, hash } = await files.read(file)
    const saved = await files.save({
      path: file,
      text: setField(file, text, source.id, 'snapshot', snapshot),
      base: hash,
    })
    if ('hash' in saved) return
  }
  throw new OnrecordError('refused', `${file} is being written by somebody else all the time.`, {
    hint: 'Try it again in a moment.',
  })
}

/** A quotation is to be short; this is a long paragraph. */
const MOST_WORDS = 1_000

/** `[@id, "…"]` with words that the stored copy holds, in marks that Markdown reads back as those words. */
export function quoteCitation(id: string, words: string, copy: string): QuoteCitation {
  const quote = words.replace(/\s+/gu, ' ').trim()
  if (quote === '') return { citation: null, problem: 'Select the words to quote first.' }
  if (quote.length > MOST_WORDS) {
    return { citation: null, problem: 'This is too long for a quotation. Select a sentence or two.' }
  }
  if (!quotationMatcher(copy)(quote).found) {
    return { citation: null, problem: 'These words are not in the stored copy as they stand here.' }
  }
  const escaped = quote.replace(/[\\`*_[\]<>&"“”]/gu, '\\$&')
  const spellings = [`"${quote}"`, `“${quote}”`, `"${escaped}"`]
  const citation = spellings.map((each) => `[@${id}, ${each}]`).find((each) => readsBack(each, id, copy))
  return citation === undefined
    ? { citation: null, problem: 'These words cannot stand in a citation. Select fewer of them.' }
    : { citation, problem: null }
}

function readsBack(citation: string, id: string, copy: string): boolean {
  const { tree, findings } = parseBody('', `So it is ${citation}.\n`, 1)
  const [found, ...more] = citationsOf(tree)
  const [item] = found?.items ?? []
  if (findings.length > 0 || more.length > 0 || found?.items.length !== 1 || item?.id !== id) return false
  return item.locator === null && item.quote !== null && quotationMatcher(copy)(item.quote).found
}
