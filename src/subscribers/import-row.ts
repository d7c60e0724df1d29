import { didYouMean } from '../core/nearest.ts'
import { parseAddress } from './address.ts'
import type { Columns, Field } from './columns.ts'
import { restoreCell } from './csv-cell.ts'
import type { ImportRow } from './merge.ts'
import { parseName } from './name.ts'
import type { SubscriberTier } from './subscriber.ts'

/** What holds for every row of a file. */
export interface RowRules {
  /** The publication's newsletters. */
  readonly newsletters: readonly string[]
  /** Where a row names none. */
  readonly newsletter: string
  /** Whether a column may name another newsletter: not when the command named one. */
  readonly newsletterColumn: boolean
  /** Where a row names none; null keeps what is known. */
  readonly tier: SubscriberTier | null
  /** The source of consent where a row names none. */
  readonly source: string
}

const tierWords: ReadonlyMap<string, SubscriberTier> = new Map([
  ['subscriber', 'subscriber'],
  ['free', 'subscriber'],
  ['member', 'member'],
  ['paid', 'member'],
])

const stateWords: ReadonlyMap<string, ImportRow['state']> = new Map([
  ['confirmed', 'confirmed'],
  ['subscribed', 'confirmed'],
  ['active', 'confirmed'],
  ['enabled', 'confirmed'],
  ['pending', 'pending'],
  ['unconfirmed', 'pending'],
  ['left', 'left'],
  ['unsubscribed', 'left'],
  ['inactive', 'left'],
  ['paused', 'paused'],
  ['suppressed', 'suppressed'],
  ['cleaned', 'suppressed'],
  ['bounced', 'suppressed'],
  ['complained', 'suppressed'],
  ['blocklisted', 'suppressed'],
])

/** One row of a file, checked; or in one sentence without the person's data why it is refused. */
export function readRow(
  line: number,
  cells: readonly string[],
  columns: Columns,
  rules: RowRules,
): ImportRow | string {
  if (cells.some((cell) => cell.includes('\ufffd')))
    return 'The row is not in UTF-8; the file may have been saved as Latin-1 or Windows-1252.'
  if (cells.slice(columns.count).some((cell) => cell.trim() !== ''))
    return `The row has ${cells.length} cells where the first line names ${columns.count} columns; a cell with a comma needs quotes.`
  const cell = (field: Field): string => {
    const index = columns.at.get(field)
    return index === undefined ? '' : trimSpaces(restoreCell(cells[index] ?? ''))
  }
  const rawAddress = columns.at.get('address')
  const address = parseAddress(rawAddress === undefined ? '' : restoreCell(cells[rawAddress] ?? ''))
  if (!address.ok) return `The address ${address.reason}.`
  const name = parseName(cell('name') || `${cell('first-name')} ${cell('last-name')}`)
  if (!name.ok) return `The name ${name.reason}.`
  const tier = word(cell('tier'), tierWords, 'tier')
  if (!tier.ok) return tier.reason
  const state = word(cell('state'), stateWords, 'state')
  if (!state.ok) return state.reason
  const newsletter = (rules.newsletterColumn && cell('newsletter')) || rules.newsletter
  if (!rules.newsletters.includes(newsletter))
    return `There is no newsletter ${quoted(newsletter)}${hint(newsletter, rules.newsletters)}.`
  const source = parseName(cell('consent-source'))
  if (!source.ok) return `The source of consent ${source.reason}.`
  const consentAt = readDate(cell('consent-at'))
  if (consentAt === 'unreadable')
    return `The date of consent ${quoted(cell('consent-at'))} is none such as 2026-03-31.`
  return {
    line,
    address: address.value,
    newsletter,
    name: name.value,
    tier: tier.value ?? rules.tier,
    state: state.value,
    consentAt,
    consentSource: source.value ?? rules.source,
  }
}

/** Takes off spaces and tabs only: a line break that `trim` would hide is for the checks to see. */
function trimSpaces(text: string): string {
  const isSpace = (at: number): boolean => ' \t\u00a0'.includes(text.charAt(at))
  let from = 0
  let to = text.length
  while (from < to && isSpace(from)) from += 1
  while (to > from && isSpace(to - 1)) to -= 1
  return text.slice(from, to)
}

type Word<T> =
  | { readonly ok: true; readonly value: T | null }
  | { readonly ok: false; readonly reason: string }

function word<T>(text: string, known: ReadonlyMap<string, T>, what: string): Word<T> {
  if (text === '') return { ok: true, value: null }
  const value = known.get(text.toLowerCase())
  if (value !== undefined) return { ok: true, value }
  return { ok: false, reason: `There is no ${what} ${quoted(text)}${hint(text, known.keys())}.` }
}

/** ISO 8601, a date or a time; without a zone it is UTC. Null when empty. */
function readDate(text: string): number | null | 'unreadable' {
  if (text === '') return null
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text,
  )
  if (match === null) return 'unreadable'
  const [, day = '', time = '00:00', zone = 'Z'] = match
  const at = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`)
  return Number.isNaN(at) ? 'unreadable' : at
}

function hint(text: string, known: Iterable<string>): string {
  const near = didYouMean(text.slice(0, 40), known)
  return near === null ? '' : `; ${near.replace(/\?$/, '')}`
}

/** A file's word on a terminal: short, and without what a terminal would obey. */
function quoted(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return `“${clean.length > 40 ? `${clean.slice(0, 40)}…` : clean}”`
}
