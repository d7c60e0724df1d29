import { finding, startOf, type Finding, type Place } from '../core/finding.ts'
import { parseYaml } from '../core/yaml.ts'
import type { Imported, ImportedRecord } from './imported.ts'
import { edtfOf, looseDate } from './loose-date.ts'
import { sourceKinds, type Source } from './source.ts'

/** One record of CSL-JSON (citeproc-js, CSL 1.0.2 data schema), with the keys that we write. */
export interface CslItem {
  readonly id: string
  readonly type: string
  readonly title: string
  readonly 'container-title'?: string
  readonly publisher?: string
  readonly author?: readonly CslName[]
  readonly issued?: CslDate
  readonly accessed?: CslDate
  readonly URL?: string
  readonly language?: string
  /** Where CSL has no field of its own. */
  readonly custom: {
    readonly kind: string
    readonly modified?: string
    readonly origin?: string
    readonly party?: string
    readonly reliability?: string
    readonly archive?: string
    readonly snapshot?: string
    readonly quotes?: readonly string[]
    readonly consulted?: boolean
  }
}

interface CslName {
  readonly literal: string
}

interface CslDate {
  readonly 'date-parts': readonly (readonly number[])[]
  readonly circa?: boolean
}

/** What is exported of a source; a projected one lacks what its tier may not see. */
export type CslSource = Pick<Source, 'id' | 'title' | 'publisher' | 'kind' | 'published'> &
  Partial<
    Pick<
      Source,
      | 'accessed'
      | 'modified'
      | 'author'
      | 'lang'
      | 'url'
      | 'archive'
      | 'origin'
      | 'party'
      | 'reliability'
      | 'snapshot'
      | 'quotes'
      | 'consulted'
    >
  >

const typeOf = {
  official: 'document',
  un: 'report',
  wire: 'article-newspaper',
  newspaper: 'article-newspaper',
  broadcaster: 'broadcast',
  thinktank: 'report',
  paper: 'article-journal',
  dataset: 'dataset',
  interview: 'interview',
  social: 'post',
  reference: 'webpage',
} as const satisfies Record<Source['kind'], string>

/** Sources as CSL-JSON, in the order given. What is null, empty or absent is left out. */
export function toCslJson(sources: Iterable<CslSource>): CslItem[] {
  return Array.from(sources, (source) => {
    const type = typeOf[source.kind]
    const inContainer =
      type === 'article-newspaper' || type === 'article-journal' || type === 'webpage' || type === 'post'
    const issued = toCslDate(source.published)
    const accessed = toCslDate(source.accessed ?? 'unknown')
    const authors = source.author ?? []
    return {
      id: source.id,
      type,
      title: source.title,
      ...(inContainer ? { 'container-title': source.publisher } : {}),
      publisher: source.publisher,
      ...(authors.length > 0 ? { author: authors.map((literal) => ({ literal })) } : {}),
      ...(issued === null ? {} : { issued }),
      ...(accessed === null ? {} : { accessed }),
      ...(source.url ? { URL: source.url } : {}),
      ...(source.lang ? { language: source.lang } : {}),
      custom: {
        kind: source.kind,
        ...(source.modified ? { modified: source.modified } : {}),
        ...(source.origin ? { origin: source.origin } : {}),
        ...(source.party ? { party: source.party } : {}),
        ...(source.reliability ? { reliability: source.reliability } : {}),
        ...(source.archive ? { archive: source.archive } : {}),
        ...(source.snapshot ? { snapshot: source.snapshot } : {}),
        ...(source.quotes && source.quotes.length > 0 ? { quotes: source.quotes } : {}),
        ...(source.consulted ? { consulted: true } : {}),
      },
    }
  })
}

/** Reads CSL-JSON: a list of records, one record, or `{"items": […]}`. Never throws. */
export function readCslJson(file: string, text: string): Imported {
  const plain = text.replace(/^\ufeff/u, '')
  let value: unknown
  try {
    value = JSON.parse(plain)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    return {
      records: [],
      findings: [
        finding('DC801', placeInJson(file, plain, message), `This JSON cannot be read: ${sentence(message)}`),
      ],
    }
  }
  const items = Reflect.get(Object(value), 'items')
  const under = Array.isArray(items) ? ['items'] : []
  const list = Array.isArray(items) ? items : Array.isArray(value) ? value : [value]
  // JSON is YAML, whose reader knows where each value stands.
  const yaml = parseYaml(plain, file)
  const known = yaml.findings.length === 0
  const place = (index: number): Place =>
    known ? yaml.at(Array.isArray(value) || under.length > 0 ? [...under, index] : []) : startOf(file)
  const records: ImportedRecord[] = []
  const findings: Finding[] = []
  for (const [index, item] of list.entries()) {
    if (
      !isRecord(item) ||
      (textOf(item, 'title') === null && textOf(item, 'type') === null && textOf(item, 'id') === null)
    ) {
      findings.push(
        finding('DC801', place(index), 'This is no record of CSL-JSON: it has neither id, type nor title.'),
      )
    } else records.push(recordOf(item, place(index)))
  }
  return { records, findings }
}

function recordOf(item: Record<string, unknown>, place: Place): ImportedRecord {
  const custom = isRecord(item['custom']) ? item['custom'] : {}
  const doi = textOf(item, 'DOI')
  const quotes = Array.isArray(custom['quotes'])
    ? custom['quotes'].filter((each) => typeof each === 'string')
    : []
  return {
    key: textOf(item, 'citation-key') ?? textOf(item, 'id'),
    place,
    type: textOf(item, 'type'),
    title: textOf(item, 'title'),
    publisher: textOf(item, 'container-title') ?? textOf(item, 'publisher'),
    url:
      textOf(item, 'URL') ??
      (doi === null
        ? null
        : `https://doi.org/${doi.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:)/iu, '')}`),
    published: dateOf(item['issued']),
    accessed: dateOf(item['accessed']),
    authors: namesOf(item['author']),
    lang: languageOf(textOf(item, 'language')),
    archive: textOf(custom, 'archive'),
    kind: sourceKinds.find((kind) => kind === custom['kind']) ?? null,
    own: {
      modified: looseDate(textOf(custom, 'modified') ?? ''),
      origin: textOf(custom, 'origin'),
      party: textOf(custom, 'party'),
      reliability:
        (['A', 'B', 'C', 'D', 'E', 'F'] as const).find((grade) => grade === custom['reliability']) ?? null,
      quotes,
      consulted: custom['consulted'] === true,
    },
  }
}

function toCslDate(edtf: string): CslDate | null {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(~)?$/u.exec(edtf)
  if (match === null) return null
  const parts = [match[1], match[2], match[3]].flatMap((part) => (part === undefined ? [] : Number(part)))
  return { 'date-parts': [parts], ...(match[4] === undefined ? {} : { circa: true }) }
}

/** EDTF, or null. A range is the day it began, about then. */
function dateOf(value: unknown): string | null {
  if (typeof value === 'string') return looseDate(value)
  if (!isRecord(value)) return null
  const parts: unknown = value['date-parts']
  const about = Boolean(value['circa']) && value['circa'] !== 'false'
  if (Array.isArray(parts) && Array.isArray(parts[0])) {
    const [year, month = null, day = null] = parts[0].map(Number)
    if (year !== undefined && Number.isInteger(year)) {
      const date = edtfOf(year, month, day, about || parts.length > 1) ?? edtfOf(year)
      if (date !== null) return date
    }
  }
  return looseDate(textOf(value, 'raw') ?? textOf(value, 'literal') ?? '')
}

function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value
    .flatMap((name) => {
      if (typeof name === 'string') return plainText(name)
      if (!isRecord(name)) return []
      const literal = textOf(name, 'literal')
      if (literal !== null) return literal
      const parts = ['given', 'dropping-particle', 'non-dropping-particle', 'family', 'suffix']
      return parts.flatMap((part) => textOf(name, part) ?? []).join(' ')
    })
    .filter((name) => name !== '')
}

/** A language tag that the ledger takes, or null. */
export function languageOf(text: string | null): string | null {
  const tag = text?.trim().replaceAll('_', '-') ?? ''
  return /^[a-z]{2,3}(-[a-z0-9]+)*$/iu.test(tag) ? tag : null
}

function textOf(value: Record<string, unknown>, key: string): string | null {
  const found: unknown = Object.hasOwn(value, key) ? value[key] : null
  if (typeof found !== 'string' && typeof found !== 'number') return null
  return plainText(String(found)) || null
}

/** CSL sets type with `<i>`, `<b>`, `<sub>`, `<sup>`, `<sc>` and `<span …>`; one line, without them and control signs. */
function plainText(text: string): string {
  return text
    .replace(/<\/?(?:i|b|sub|sup|sc)>|<span[^>]*>|<\/span>/giu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
}

function placeInJson(file: string, text: string, message: string): Place {
  const offset = Number(/position (\d+)/u.exec(message)?.[1] ?? text.trimEnd().length)
  const before = text.slice(0, offset).split('\n')
  const line = before.length
  const column = (before.at(-1)?.length ?? 0) + 1
  return { file, line, column, endLine: line, endColumn: column }
}

function sentence(message: string): string {
  const plain = message.replace(/ (?:in JSON )?at position.*$/su, '').replace(/\.*$/u, '')
  return `${plain}.`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
