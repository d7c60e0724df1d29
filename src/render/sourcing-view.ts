import { rules } from '../core/rules.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import { formatDate } from './date.ts'
import { kindNames } from './sources-view.ts'

/** The sourcing statement for every medium; templates/weekly/README.md lists it. */
export interface SourcingView {
  readonly cited: number
  readonly consulted: number
  /** “12 newspaper, 9 broadcaster, 3 official”. */
  readonly kinds: string
  readonly primary: number
  /** Of those cited, whole per cent: “17 %”. */
  readonly primaryShare: string
  readonly voices: number
  /** “12 of 32; the others are not verified”. */
  readonly copies: string
  readonly keyClaims: number
  /** Of the key claims, those on one voice: the numbers of each. */
  readonly singleVoice: readonly { readonly numbers: readonly number[] }[]
  readonly unnamed: readonly {
    readonly number: number | null
    readonly reason: string | null
    readonly access: string | null
  }[]
  readonly waivers: readonly { readonly rule: string; readonly name: string; readonly reason: string }[]
  readonly corrections: readonly { readonly date: string; readonly brief: string }[]
}

export function sourcingView(issue: ProjectedIssue): SourcingView {
  const { cited, kinds, primary, snapshots, corrections, ...rest } = issue.sourcing
  return {
    ...rest,
    cited,
    kinds: kinds.map(({ kind, count }) => `${count} ${kindNames[kind]}`).join(', '),
    primary,
    primaryShare: `${cited === 0 ? 0 : Math.round((100 * primary) / cited)} %`,
    copies: copiesText(snapshots, cited),
    waivers: issue.waivers.map(({ rule, reason }) => ({ rule, name: nameOf(rule), reason: ended(reason) })),
    corrections: corrections.map(({ date, brief }) => ({ date: formatDate(date, issue.lang), brief })),
  }
}

/** A waiver’s rule is text of an editor; one that does not exist is the desk’s to report. */
function nameOf(id: string): string {
  return Object.entries(rules).find(([rule]) => rule === id)?.[1].name ?? id
}

function copiesText(snapshots: number, cited: number): string {
  if (snapshots === 0) return 'none; no source is verified'
  return snapshots === cited ? `of all ${cited}` : `${snapshots} of ${cited}; the others are not verified`
}

function ended(sentence: string): string {
  return /[.!?…]$/u.test(sentence) ? sentence : `${sentence}.`
}
