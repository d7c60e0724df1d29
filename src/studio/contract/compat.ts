import type { Tier } from '../../core/tier.ts'
import type { Inspection } from '../../email/compat/inspect.ts'
import type { Remark } from '../../email/compat/remark.ts'
import type { LinkState } from '../link-checks.ts'
import type { TextPlace } from './finding.ts'

/**
 * `GET /api/issues/:id/compat?tier=…&links=on`: what the final HTML is like in the mail programs that readers use. With
 * `links=off` nobody on the web is asked; what is known already is told all the same.
 */
export interface IssueCompat {
  readonly version: number
  readonly tier: Tier
  /** Null while no mail could ever be built. */
  readonly mail: MailInspection | null
  readonly links: LinkChecks
}

export interface MailInspection extends Pick<Inspection, 'sizes' | 'contrast' | 'unnoticed' | 'dataFrom'> {
  /** Worst first. */
  readonly remarks: readonly ShownRemark[]
  /** The mail programs that were looked for. */
  readonly clients: readonly string[]
  /** The line of onrecord.yaml that names them; null: none does, and these are the usual ones. */
  readonly clientsLine: number | null
}

/** A remark of the inspection: its hint is a sentence, its place one that a page can show. */
export interface ShownRemark extends Pick<
  Remark,
  'code' | 'severity' | 'message' | 'hint' | 'count' | 'notes' | 'more'
> {
  readonly about: 'programs' | 'contrast' | 'size' | 'header' | 'form'
  /** Names of mail programs; none where it is about all. */
  readonly clients: readonly string[]
  /** The editor’s words it is found at; null: it is of the look, or of the whole mail. */
  readonly place: TextPlace | null
}

/** Looked at in the background, with the SSRF guard; a `checks` event says when there is more. */
export interface LinkChecks {
  readonly running: boolean
  readonly done: number
  readonly total: number
  /** In the order of the mail. */
  readonly results: readonly LinkCheck[]
  /** Addresses that are not asked: of the publication itself, and of names kept for examples. */
  readonly skipped: number
}

export interface LinkCheck {
  /** Without a fragment: a page that is linked to at several places is told once. */
  readonly url: string
  readonly kind: 'link' | 'image'
  /** `waiting`: not asked yet. */
  readonly state: LinkState | 'waiting'
  /** What is wrong, or null. */
  readonly sentence: string | null
  /** Where it led, or null. */
  readonly movedTo: string | null
  /** Milliseconds since the epoch, or null while it waits. */
  readonly at: number | null
  readonly place: TextPlace | null
}

/** `POST /api/issues/:id/compat/links`: asks for all of them once more, also for what is remembered; 202. */
export interface LinkRequest {
  readonly tier: Tier
}
