import { finding, type Finding, type Place } from '../core/finding.ts'
import { draftEntry, freeId, idFrom, type DraftEntry } from './draft.ts'
import { guessKind } from './guess-kind.ts'
import type { Ledger, Source, SourceKind } from './source.ts'
import { canonicalUrl, readSourceUrl } from './url.ts'

/** A record of another program's file, as far as it could be read. */
export interface ImportedRecord {
  /** The key it had there, or null. */
  readonly key: string | null
  readonly place: Place
  readonly type: string | null
  readonly title: string | null
  readonly publisher: string | null
  readonly url: string | null
  /** EDTF, or null. */
  readonly published: string | null
  readonly accessed: string | null
  readonly authors: readonly string[]
  readonly lang: string | null
  readonly archive: string | null
  /** What only our own files say, or null. */
  readonly kind: SourceKind | null
  readonly own: Partial<
    Pick<DraftEntry, 'origin' | 'party' | 'reliability' | 'modified' | 'quotes' | 'consulted'>
  >
}

/** What reading a file of another program gave. */
export interface Imported {
  readonly records: readonly ImportedRecord[]
  readonly findings: readonly Finding[]
}

/** What an import would change. */
export interface ImportPlan {
  readonly added: readonly { readonly key: string | null; readonly entry: DraftEntry }[]
  /** Ids of entries that the ledger has already: same id, or same address. */
  readonly unchanged: readonly { readonly key: string | null; readonly id: string }[]
  readonly findings: readonly Finding[]
}

/**
 * Turns records into entries for `ledger`. A page that the ledger has already is left alone. What
 * cannot become an entry is an error (DC103) at its place; what had to be assumed is a warning.
 */
export function planImport(imported: Imported, ledger: Ledger): ImportPlan {
  const added: { key: string | null; entry: DraftEntry }[] = []
  const unchanged: { key: string | null; id: string }[] = []
  const findings = [...imported.findings]
  const taken = new Set(ledger.keys())
  const byUrl = new Map<string, string>()
  for (const source of ledger.values()) noteUrl(byUrl, source)
  for (const record of imported.records) {
    const url = record.url === null ? null : readSourceUrl(record.url)
    const address = url?.kind === 'url' ? url.url : null
    if (url !== null && address === null) {
      findings.push(
        finding('DC103', record.place, `“${record.url}” is not a web address.`, {
          hint: 'begin it with https://',
        }),
      )
      continue
    }
    if (record.title === null) {
      const hint = 'give it a title; describe a page without one [in brackets]'
      findings.push(finding('DC103', record.place, `${nameOf(record)} has no title.`, { hint }))
      continue
    }
    const key = address === null ? null : canonicalUrl(address)
    const known = key === null ? knownOffline(record, ledger) : byUrl.get(key)
    if (known !== undefined) {
      unchanged.push({ key: record.key, id: known })
      continue
    }
    const id = freeId(idFrom(record.key ?? '') || idFrom(record.title), taken)
    const entry = toEntry(record, id, record.title, address, findings)
    if (entry === null) continue
    taken.add(id)
    if (key !== null) byUrl.set(key, id)
    added.push({ key: record.key, entry })
  }
  return { added, unchanged, findings }
}

function toEntry(
  record: ImportedRecord,
  id: string,
  title: string,
  url: string | null,
  findings: Finding[],
): DraftEntry | null {
  const publisher = record.publisher ?? (url === null ? null : hostOf(url)) ?? record.authors[0] ?? null
  if (publisher === null) {
    findings.push(
      finding('DC103', record.place, `${nameOf(record)} has no publisher.`, {
        hint: 'name who answers for it',
      }),
    )
    return null
  }
  const assume = (message: string): void => {
    findings.push(
      finding('DC103', record.place, message, { severity: 'warning', hint: `see “${id}” in the ledger` }),
    )
  }
  if (record.publisher === null) assume(`${nameOf(record)} has no publisher; “${publisher}” was written.`)
  if (record.published === null) assume(`${nameOf(record)} has no date; “unknown” was written.`)
  const kind = record.kind ?? guessKind({ publisher, url, type: record.type })
  const archive = record.archive === null ? null : readSourceUrl(record.archive)
  return draftEntry({
    ...record.own,
    id,
    title,
    publisher,
    url,
    published: record.published ?? 'unknown',
    accessed: record.accessed ?? 'unknown',
    kind: kind ?? 'reference',
    author: record.authors,
    lang: record.lang,
    archive: archive?.kind === 'url' ? archive.url : null,
  })
}

function knownOffline(record: ImportedRecord, ledger: Ledger): string | undefined {
  const id = idFrom(record.key ?? '')
  const known = ledger.get(id)
  return known !== undefined && known.url === null && known.title === record.title ? id : undefined
}

function noteUrl(byUrl: Map<string, string>, source: Source): void {
  const key = source.url === null ? null : canonicalUrl(source.url)
  if (key !== null) byUrl.set(key, source.id)
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^www\./u, '')
}

function nameOf(record: ImportedRecord): string {
  return record.key === null ? 'A record' : `“${record.key}”`
}
