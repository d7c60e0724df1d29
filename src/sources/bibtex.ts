import { readBibtexRecords, type BibtexRecord } from './bibtex-records.ts'
import { languageOf } from './csl-json.ts'
import type { Imported, ImportedRecord } from './imported.ts'
import { plainLatex } from './latex.ts'
import { edtfOf, looseDate, monthNumber } from './loose-date.ts'

/** Reads BibTeX and BibLaTeX as records for a ledger. Never throws: what cannot be read is a finding. */
export function readBibtex(file: string, text: string): Imported {
  const { records, findings } = readBibtexRecords(file, text.replace(/^\ufeff/u, ''))
  const byKey = new Map(records.flatMap((record) => (record.key === null ? [] : [[record.key, record]])))
  return { records: records.map((record) => recordOf(record, byKey)), findings }
}

function recordOf(record: BibtexRecord, byKey: ReadonlyMap<string, BibtexRecord>): ImportedRecord {
  const parent = byKey.get(record.fields.get('crossref')?.trim() ?? '')
  const raw = (...names: string[]): string | null => {
    for (const name of names) {
      const value = record.fields.get(name) ?? (parent === record ? undefined : parent?.fields.get(name))
      if (value !== undefined && value.trim() !== '') return value.trim()
    }
    return null
  }
  const words = (...names: string[]): string | null => {
    const value = raw(...names)
    return value === null ? null : plainLatex(value) || null
  }
  const doi = raw('doi')
  const eprint = raw('eprint')
  const isArxiv = /^arxiv$/iu.test(raw('eprinttype', 'archiveprefix') ?? '')
  const title = words('title')
  const subtitle = words('subtitle')
  return {
    key: record.key,
    place: record.place,
    type: typeOf(record.type, words('entrysubtype', 'type'), raw('issn', 'volume', 'doi') !== null),
    title: title !== null && subtitle !== null ? `${title}: ${subtitle}` : title,
    publisher:
      words(
        'journaltitle',
        'journal',
        'newspaper',
        'institution',
        'organization',
        'publisher',
        'school',
        'booktitle',
        'howpublished',
      ) ?? null,
    url:
      plainUrl(raw('url')) ??
      urlIn(raw('howpublished')) ??
      (doi === null
        ? null
        : `https://doi.org/${plainUrl(doi)?.replace(/^https?:\/\/(?:dx\.)?doi\.org\//iu, '')}`) ??
      (eprint !== null && isArxiv ? `https://arxiv.org/abs/${eprint}` : null) ??
      urlIn(raw('note')),
    published: publishedOf(raw('date'), raw('year'), raw('month'), raw('day')),
    accessed: looseDate(plainLatex(raw('urldate') ?? raw('lastchecked') ?? '')) ?? accessedIn(words('note')),
    authors: namesOf(raw('author') ?? ''),
    lang: languageNamed(words('langid', 'language')),
    archive: plainUrl(raw('archiveurl')),
    kind: null,
    own: {},
  }
}

/** A type that the table of kinds knows: that of CSL. */
function typeOf(type: string, subtype: string | null, isScholarly: boolean): string {
  const said = subtype?.toLowerCase() ?? ''
  if (/newspaper|magazine/u.test(said)) return 'article-newspaper'
  if (/interview/u.test(said)) return 'interview'
  switch (type) {
    case 'article':
      return isScholarly ? 'article-journal' : 'article-newspaper'
    case 'dataset':
    case 'data':
      return 'dataset'
    case 'video':
    case 'movie':
    case 'audio':
      return 'broadcast'
    case 'legislation':
    case 'jurisdiction':
    case 'legal':
      return 'legislation'
    default:
      return type
  }
}

function publishedOf(
  date: string | null,
  year: string | null,
  month: string | null,
  day: string | null,
): string | null {
  if (date !== null) {
    const [first = '', ...rest] = plainLatex(date).split('/')
    const read = looseDate(first) ?? looseDate(plainLatex(date))
    return read !== null && rest.length > 0 && looseDate(plainLatex(date)) === null
      ? read.replace(/~?$/u, '~')
      : read
  }
  if (year === null) return null
  const years = /\d{4}/u.exec(year)
  if (years === null) return null
  const about = /circa|c\.|~|\?/u.test(year)
  // “nov # "~8"” joins to “nov~8”; styles also have “8 nov”.
  const spoken = plainLatex(month ?? '')
    .split(/[\s,.–-]+/u)
    .filter((part) => part !== '')
  const number =
    spoken
      .map(monthNumber)
      .find((part, index) => part !== null && !(spoken.length > 1 && /^\d/u.test(spoken[index] ?? ''))) ??
    null
  const dayText = day ?? spoken.find((part) => spoken.length > 1 && /^\d{1,2}$/u.test(part)) ?? null
  const dayNumber = dayText !== null && /^\d{1,2}$/u.test(dayText) ? Number(dayText) : null
  return edtfOf(Number(years[0]), number, dayNumber, about) ?? edtfOf(Number(years[0]), number, null, about)
}

/** “{Ministry of Defence} and Khan, Asad and others”: literal, “last, first”, “first last”. */
function namesOf(text: string): string[] {
  return splitNames(text).flatMap((name) => {
    if (/^others$/iu.test(name) || name === '') return []
    const parts = splitOutsideBraces(name, /,/u).map(plainLatex)
    const [last = '', second, third] = parts
    if (parts.length === 1) return last
    return (third === undefined ? `${second} ${last}` : `${third} ${last} ${second}`).trim()
  })
}

function splitNames(text: string): string[] {
  return splitOutsideBraces(text.replace(/\s+/gu, ' '), / and /iu).map((name) => name.trim())
}

function splitOutsideBraces(text: string, separator: RegExp): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  const sticky = new RegExp(separator.source, `${separator.flags}y`)
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at)
    if (sign === '\\') at++
    else if (sign === '{') depth++
    else if (sign === '}') depth--
    else if (depth === 0) {
      sticky.lastIndex = at
      const match = sticky.exec(text)
      if (match === null) continue
      parts.push(text.slice(from, at))
      from = at + match[0].length
      at = from - 1
    }
  }
  return [...parts, text.slice(from)]
}

/** An address as it stands in a field: LaTeX may escape its signs, and a style wrap it in `\url{}`. */
function plainUrl(text: string | null): string | null {
  if (text === null) return null
  return (
    text
      .replace(/^\\url\s*\{(.*)\}$/su, '$1')
      .replace(/^\{(.*)\}$/su, '$1')
      .replace(/\{?\\textasciitilde\s*(?:\{\})?\}?|\{?\\~\s*(?:\{\s*\})?\}?/gu, '~')
      .replace(/\{?\\textunderscore\s*(?:\{\})?\}?/gu, '_')
      .replace(/\\([%&$#_{}])/gu, '$1')
      .replace(/[\p{Cc}\s]+/gu, '') || null
  )
}

function urlIn(text: string | null): string | null {
  if (text === null) return null
  const found = /\\url\s*\{[^{}]*\}|https?:\/\/[^\s{}]+/iu.exec(text)
  return found === null ? null : plainUrl(found[0].replace(/[.,;)]+$/u, ''))
}

/** “Accessed: 2025-11-10”, as styles without `urldate` have it. */
function accessedIn(note: string | null): string | null {
  const match = /\b(?:accessed|retrieved|visited)(?:\s+on)?:?\s+([^;.()]+)/iu.exec(note ?? '')
  return match === null ? null : looseDate(match[1]?.trim() ?? '')
}

const languages: Readonly<Record<string, string>> = {
  english: 'en',
  american: 'en-US',
  british: 'en-GB',
  ukenglish: 'en-GB',
  usenglish: 'en-US',
  french: 'fr',
  francais: 'fr',
  german: 'de',
  ngerman: 'de',
  spanish: 'es',
  italian: 'it',
  portuguese: 'pt',
  brazilian: 'pt-BR',
  russian: 'ru',
  ukrainian: 'uk',
  arabic: 'ar',
  persian: 'fa',
  urdu: 'ur',
  turkish: 'tr',
  chinese: 'zh',
  japanese: 'ja',
  dutch: 'nl',
  polish: 'pl',
}

function languageNamed(text: string | null): string | null {
  if (text === null) return null
  const name = text.toLowerCase()
  const tag = Object.hasOwn(languages, name) ? languages[name] : undefined
  return tag ?? (/^[a-z]{2,3}(-|$)/iu.test(text) ? languageOf(text) : null)
}
