import { didYouMean } from '../core/nearest.ts'
import { parseAddress } from './address.ts'
import type { Columns } from './columns.ts'
import { restoreCell } from './csv-cell.ts'
import { readDate } from './import-date.ts'
import type { Field } from './mapping.ts'
import type { ImportRow, Refusal } from './merge.ts'
import { parseName } from './name.ts'
import { stateWords, tierWords } from './row-words.ts'
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
  /** The time, in milliseconds: nobody consented later. */
  readonly now: number
}

/** Of two columns that say something else, the one that mails less. */
const caution = ['confirmed', 'pending', 'paused', 'left', 'suppressed'] as const

/** Clocks differ, and dates without a zone are read as UTC. */
const DAY = 24 * 3_600_000

/** One row of a file, checked; or why it is refused, without the person's data. */
export function readRow(
  line: number,
  cells: readonly string[],
  columns: Columns,
  rules: RowRules,
): ImportRow | Refusal {
  if (cells.some((cell) => cell.includes('\ufffd')))
    return refuse(
      'row',
      'The row is not in UTF-8; the file may be in Windows-1252: --encoding windows-1252 reads it.',
    )
  if (cells.slice(columns.count).some((cell) => cell.trim() !== ''))
    return refuse(
      'row',
      `The row has ${cells.length} cells where the first line names ${columns.count} columns; a cell with a comma needs quotes.`,
    )
  const cellAt = (index: number): string => trimSpaces(restoreCell(cells[index] ?? ''))
  const cell = (field: Field): string => {
    for (const index of columns.at.get(field) ?? []) {
      const text = cellAt(index)
      if (text !== '') return text
    }
    return ''
  }
  const address = parseAddress(cell('address'))
  if (!address.ok) return refuse('address', `The address ${address.reason}.`)
  const name = parseName(cell('name') || `${cell('first-name')} ${cell('last-name')}`)
  if (!name.ok) return refuse('name', `The name ${name.reason}.`)
  const tier = word(cell('tier'), tierWords, 'tier')
  if (!tier.ok) return refuse('word', tier.reason)
  const state = word(cell('state'), stateWords, 'state')
  if (!state.ok) return refuse('word', state.reason)
  const decided = columns.mapping?.decide((column) => {
    const index = columns.indexOf(column)
    return index === undefined ? '' : cellAt(index)
  }, rules.now)
  if (typeof decided === 'string') return refuse('there', decided)
  const newsletter = (rules.newsletterColumn && cell('newsletter')) || rules.newsletter
  if (!rules.newsletters.includes(newsletter))
    return refuse(
      'word',
      `There is no newsletter ${quoted(newsletter)}${hint(newsletter, rules.newsletters)}.`,
    )
  const source = parseName(cell('consent-source'))
  if (!source.ok) return refuse('word', `The source of consent ${source.reason}.`)
  const dates = (['consent-at', 'asked-at', 'left-at'] as const).map((field) => readDate(cell(field)))
  const [consentAt = null, askedAt = null, leftAt = null] = dates
  if (consentAt === 'unreadable' || (consentAt ?? 0) > rules.now + DAY)
    return refuse(
      'date',
      `The date of consent ${quoted(cell('consent-at'))} ${consentAt === 'unreadable' ? 'is none such as 2026-03-31' : 'has not come yet'}.`,
    )
  const suppressedFor = parseName(cell('suppressed-for'))
  return {
    line,
    address: address.value,
    newsletter,
    name: name.value,
    tier: tier.value ?? decided?.tier ?? rules.tier,
    state: moreCautious(state.value, decided?.state ?? null),
    consentAt,
    consentSource: source.value ?? rules.source,
    proof: {
      // Only the date of consent is worth a row: another that cannot be read is as if it were not there.
      askedAt: askedAt === 'unreadable' ? null : askedAt,
      leftAt: leftAt === 'unreadable' || (leftAt ?? 0) > rules.now ? null : leftAt,
      suppressedFor: suppressedFor.ok ? suppressedFor.value : null,
      title: columns.mapping?.title ?? null,
    },
  }
}

function refuse(why: Refusal['why'], reason: string): Refusal {
  return { kind: 'refused', why, reason }
}

function moreCautious(one: ImportRow['state'], other: ImportRow['state']): ImportRow['state'] {
  if (one === null || other === null) return one ?? other
  return caution.indexOf(one) > caution.indexOf(other) ? one : other
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

function hint(text: string, known: Iterable<string>): string {
  const near = didYouMean(text.slice(0, 40), known)
  return near === null ? '' : `; ${near.replace(/\?$/, '')}`
}

/** A file's word on a terminal: short, without what a terminal would obey, and no address that slipped there. */
function quoted(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').replace(/\S*@\S*/g, '…@…')
  return `“${clean.length > 40 ? `${clean.slice(0, 40)}…` : clean}”`
}
