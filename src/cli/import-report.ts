import type { Columns } from '../subscribers/columns.ts'
import type { ImportResult } from '../subscribers/import.ts'
import type { ImportRow } from '../subscribers/merge.ts'
import { countedRefusals } from '../subscribers/refusal-words.ts'
import type { Context } from './context.ts'
import { number } from './round-text.ts'
import { alignRows } from './table.ts'

/** What an import was of. */
export interface ImportedFile {
  readonly file: string
  readonly newsletter: string
  readonly dryRun: boolean
  /** Null: it was stopped before its first line. */
  readonly columns: Columns | null
}

/** So many refused rows are listed for people. */
const LISTED = 20

/** For people: what the columns were taken for, what became (or would become) of the rows, and of which not. */
export function printResult(context: Context, result: ImportResult, about: ImportedFile): void {
  const { read, added, updated, unchanged, optOuts, members } = result
  const { columns, dryRun } = about
  const mapping = columns?.mapping ?? null
  const title = mapping === null ? '' : `, ${mapping.title}`
  const target = dryRun ? `, for ${about.newsletter}` : ''
  context.print(
    `${printable(about.file)}${title}: ${number(read)} ${read === 1 ? 'row' : 'rows'} read${target}`,
  )
  if (columns !== null && (dryRun || mapping !== null)) printColumns(context, columns)
  const would = dryRun ? 'would be ' : ''
  const counts: (readonly [number, string])[] = [
    [added, `${would}added`],
    [updated, `${would}updated`],
    [unchanged, dryRun ? 'would stay as they are' : 'unchanged'],
    [refusedCount(result), dryRun ? 'would be refused' : 'refused'],
  ]
  printCounts(context, counts)
  const kinds = (
    [
      [members, members === 1 ? 'is a member' : 'are members'],
      [optOuts.left, 'opted out there: kept as left, never mailed'],
      [optOuts.suppressed, 'bounced or complained there: kept as suppressed, never mailed'],
    ] as const
  ).filter(([count]) => count > 0)
  if (kinds.length > 0) {
    context.print(refusedCount(result) > 0 ? '\nOf those that are not refused:' : '\nOf these:')
    printCounts(context, kinds)
  }
  printRefused(context, result)
  if (dryRun && result.sample.length > 0) {
    context.print('\nThe first rows, as they would be kept:')
    const head = ['  line', 'address', 'name', 'tier', 'state', 'consent']
    for (const line of alignRows([head, ...result.sample.map(sampleOf)])) context.print(line)
  }
  const advice = mapping?.advice ?? null
  if (advice !== null) context.note(`\n${advice}`)
  if (dryRun) context.print('\nThis was a trial (--dry-run): nothing was changed.')
}

/** The same for programs. Addresses stand in it only of the sample of a trial. */
export function jsonOf(result: ImportResult, { dryRun, columns }: ImportedFile): object {
  const { read, added, updated, unchanged, members, optOuts, refused, refusals, sample } = result
  return {
    read,
    added,
    updated,
    unchanged,
    members,
    optOuts,
    refusals,
    // The first of them: --refused <file> has all.
    refused: refused.map(({ line, reason }) => ({ line, reason })),
    columns: {
      system: columns?.mapping?.title ?? null,
      used: Object.fromEntries(columns?.uses ?? []),
      unused: columns?.unused ?? [],
    },
    ...(dryRun
      ? {
          dryRun,
          sample: sample.map((row) => ({ ...row, address: row.address.address })),
        }
      : {}),
  }
}

/** A file's name on a terminal and in the store, without what either could choke on. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 100)
}

function refusedCount({ refusals }: ImportResult): number {
  return Object.values(refusals).reduce((sum, count) => sum + count, 0)
}

function printColumns(context: Context, { uses, unused }: Columns): void {
  context.print('')
  const rows = uses.map(([column, holds]) => [`  ${column}`, holds])
  for (const line of alignRows(rows)) context.print(line)
  if (unused.length > 0) context.print(`  Not used: ${unused.join(', ')}`)
  context.print('')
}

function printCounts(context: Context, counts: readonly (readonly [number, string])[]): void {
  const width = Math.max(...counts.map(([count]) => number(count).length))
  for (const [count, what] of counts) context.print(`  ${number(count).padStart(width)}  ${what}`)
}

function printRefused(context: Context, result: ImportResult): void {
  const { refused, refusals } = result
  if (refused.length === 0) return
  context.print('\nRefused:')
  printCounts(context, countedRefusals(refusals))
  context.print('')
  const rows = refused.slice(0, LISTED).map(({ line, reason }) => [`  line ${line}`, reason])
  for (const line of alignRows(rows)) context.print(line)
  const more = refusedCount(result) - Math.min(refused.length, LISTED)
  if (more > 0) context.print(`  … and ${number(more)} more; --refused <file> writes them all`)
}

function sampleOf({ line, address, name, tier, state, consentAt }: ImportRow): string[] {
  const date = consentAt === null ? 'no date' : new Date(consentAt).toISOString().slice(0, 10)
  const kept = [name ?? '', tier ?? 'subscriber', state ?? 'confirmed', date]
  return [`  ${line}`, address.address, ...kept]
}
