import type { z } from 'zod'
import type { Brief } from '../brief/brief.ts'
import { readSourceText } from '../brief/source-text.ts'
import { finding, type Finding, type Place } from '../core/finding.ts'
import type { RuleId } from '../core/rules.ts'
import { parseWith, type Parsed } from '../core/schema.ts'
import { parseYaml, type Path, type Yaml } from '../core/yaml.ts'
import {
  entrySchema,
  otherFields,
  otherSchema,
  thinFields,
  thinSchema,
  waiversSchema,
  type Entry,
} from './entry.ts'
import type { Ledger, Source } from './source.ts'
import { canonicalUrl, readSourceUrl } from './url.ts'

/**
 * Reads `sources.yaml`: a list of entries. A malformed entry is reported and kept as far as it can
 * be read, so that it takes neither the others nor the citations of its id down with it; `value` is
 * null only where the file is no list at all.
 */
export function parseLedger(file: string, content: Uint8Array | string): Parsed<Ledger> {
  const { text, findings } = readSourceText(file, content)
  if (text === null) return { value: null, findings }
  const parsed = readEntries(parseYaml(text, file), [])
  return { value: parsed.value, findings: [...findings, ...parsed.findings] }
}

/** Reads the `sources:` of a brief's frontmatter: entries for that brief alone. */
export function parseBriefSources(brief: Pick<Brief, 'front'>): Parsed<Ledger> {
  const value = brief.front.value
  // What is wrong with the frontmatter as a whole is the brief's to report.
  if (!isRecord(value) || brief.front.findings.length > 0) return { value: new Map(), findings: [] }
  return readEntries(brief.front, ['sources'])
}

/** One ledger of several; an id or an address that two of them list is DC103 at the later entry. */
export function mergeLedgers(ledgers: readonly Ledger[]): { ledger: Ledger; findings: Finding[] } {
  const findings: Finding[] = []
  const ledger = new Map<string, Source>()
  const byUrl = new Map<string, Source>()
  for (const source of ledgers.flatMap((each) => [...each.values()])) {
    const known = ledger.get(source.id)
    if (known === undefined) ledger.set(source.id, source)
    else findings.push(duplicateId(source.id, source.place, known))
    const key = source.url === null ? null : canonicalUrl(source.url)
    const same = key === null ? undefined : byUrl.get(key)
    if (same !== undefined && same.id !== source.id) findings.push(duplicateUrl(source.place, same))
    else if (key !== null) byUrl.set(key, source)
  }
  return { ledger, findings }
}

function readEntries(yaml: Yaml, under: Path): Parsed<Ledger> {
  if (yaml.findings.length > 0) return { value: null, findings: yaml.findings }
  const step = under[0]
  const list = step === undefined ? yaml.value : Reflect.get(Object(yaml.value), step)
  if (list === null || list === undefined) return { value: new Map(), findings: [] }
  if (!Array.isArray(list)) {
    const message = 'The ledger must be a list of entries, each beginning with “- id:”.'
    return { value: null, findings: [finding('DC801', yaml.at(under), message)] }
  }
  const findings: Finding[] = []
  const ledger = new Map<string, Source>()
  const byUrl = new Map<string, Source>()
  for (const [index, input] of list.entries()) {
    const path = [...under, index]
    const source = readEntry(yaml, path, input, findings)
    if (source === null) continue
    const known = ledger.get(source.id)
    if (known !== undefined) {
      findings.push(duplicateId(source.id, yaml.at([...path, 'id']), known))
      continue
    }
    ledger.set(source.id, source)
    const key = source.url === null ? null : canonicalUrl(source.url)
    const same = key === null ? undefined : byUrl.get(key)
    if (same !== undefined) findings.push(duplicateUrl(yaml.at([...path, 'url']), same))
    else if (key !== null) byUrl.set(key, source)
  }
  return { value: ledger, findings }
}

/** Null only where the entry has no usable id. */
function readEntry(yaml: Yaml, path: Path, input: unknown, findings: Finding[]): Source | null {
  if (!isRecord(input)) {
    const message = 'An entry of the ledger must hold id, title, publisher, url …, each on a line of its own.'
    findings.push(finding('DC801', yaml.at(path), message))
    return null
  }
  const whole = entrySchema.safeParse(input)
  if (!whole.success) findings.push(...mistakes(yaml, path))
  const entry = whole.success ? whole.data : salvage(input)
  if (entry === null) return null
  if (entry.accessed === 'unknown' && input['accessed'] === 'unknown') {
    findings.push(
      finding('DC103', yaml.at([...path, 'accessed']), `It is not known when “${entry.id}” was read.`, {
        severity: 'warning',
        hint: 'open the page, check it, and write the day',
      }),
    )
  }
  const url = readUrl('DC103', yaml, [...path, 'url'], input['url'], findings)
  return {
    ...entry,
    url,
    // An address that was refused is reported once, and not missed a second time.
    access: url === null && isWritten(input['url']) ? 'offline' : entry.access,
    archive: readUrl('DC801', yaml, [...path, 'archive'], input['archive'], findings),
    place: yaml.at(path),
  }
}

function mistakes(yaml: Yaml, path: Path): Finding[] {
  return [
    ...parseWith(thinSchema, yaml, path).findings.map((each) => under('DC103', each)),
    ...parseWith(otherSchema, yaml, path).findings,
    ...parseWith(waiversSchema, yaml, [...path, 'waivers']).findings.map((each) => under('DC705', each)),
  ]
}

/** What of a malformed entry can be read, so that a preview shows it; null without an id. */
function salvage(input: Record<string, unknown>): Entry | null {
  const id = field(otherFields.id, input, 'id')
  if (id === null) return null
  return {
    id,
    title: field(thinFields.title, input, 'title') ?? `[${id}]`,
    publisher: field(thinFields.publisher, input, 'publisher') ?? id,
    published: field(thinFields.published, input, 'published') ?? 'unknown',
    accessed: field(thinFields.accessed, input, 'accessed') ?? 'unknown',
    modified: field(otherFields.modified, input, 'modified'),
    access: field(otherFields.access, input, 'access') ?? 'online',
    kind: field(otherFields.kind, input, 'kind') ?? 'reference',
    author: field(otherFields.author, input, 'author') ?? [],
    lang: field(otherFields.lang, input, 'lang'),
    origin: field(otherFields.origin, input, 'origin'),
    party: field(otherFields.party, input, 'party'),
    reliability: field(otherFields.reliability, input, 'reliability'),
    archive: field(otherFields.archive, input, 'archive'),
    snapshot: field(otherFields.snapshot, input, 'snapshot'),
    anonymity: field(otherFields.anonymity, input, 'anonymity'),
    quotes: field(otherFields.quotes, input, 'quotes') ?? [],
    consulted: field(otherFields.consulted, input, 'consulted') ?? false,
    waivers: field(waiversSchema, input, 'waivers') ?? [],
  }
}

/** The address without tracking parameters, or null; what is no text was reported by the schema. */
function readUrl(rule: RuleId, yaml: Yaml, path: Path, written: unknown, findings: Finding[]): string | null {
  if (!isWritten(written)) return null
  const read = readSourceUrl(written)
  switch (read.kind) {
    case 'url':
      return read.url
    case 'malformed': {
      const message = `“${written.trim()}” is not a web address.`
      findings.push(finding(rule, yaml.at(path), message, { hint: 'begin it with https://' }))
      return null
    }
    case 'refused': {
      const message = 'The address of a source must be http or https, without a user name.'
      findings.push(finding('DC811', yaml.at(path), message))
      return null
    }
  }
}

/** One field of an entry whose other fields are wrong, or null where it is wrong itself. */
function field<S extends z.ZodType>(
  schema: S,
  input: Record<string, unknown>,
  key: string,
): z.output<S> | null {
  const result = schema.safeParse(input[key])
  return result.success ? result.data : null
}

/** DC801 of the general reader, under the rule that is meant for these fields. */
function under(rule: RuleId, each: Finding): Finding {
  if (each.rule !== 'DC801') return each
  return finding(rule, each, each.message, { hint: each.hint })
}

function duplicateId(id: string, place: Place, first: Source): Finding {
  return finding(
    'DC103',
    place,
    `The id “${id}” is taken: ${first.place.file}:${first.place.line} has it too.`,
    {
      hint: 'give one of the two another id',
    },
  )
}

function duplicateUrl(place: Place, first: Source): Finding {
  const message = `This is the address of “${first.id}” (${first.place.file}:${first.place.line}) once more.`
  return finding('DC103', place, message, { hint: 'cite that entry and remove this one' })
}

function isWritten(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
