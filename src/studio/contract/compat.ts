import type { Tier } from '../../core/tier.ts'
import type { Inspection } from '../../email/compat/inspect.ts'
import type { TextPlace } from './finding.ts'

/** `GET /api/issues/:id/compat?tier=…`: what the final HTML is like in the mail programs that readers use. */
export interface IssueCompat {
  readonly version: number
  readonly tier: Tier
  readonly inspection: Inspection
  readonly links: LinkChecks
}

/** Looked at in the background, with the SSRF guard; a `checks` event says when there is more. */
export interface LinkChecks {
  readonly running: boolean
  readonly done: number
  readonly total: number
  readonly results: readonly LinkCheck[]
}

export interface LinkCheck {
  readonly url: string
  readonly kind: 'link' | 'image'
  /** `unverified`: 401, 403, 429: the server lets no program look. */
  readonly state: 'waiting' | 'ok' | 'moved' | 'unverified' | 'broken' | 'refused'
  readonly sentence: string
  /** Milliseconds since the epoch, or null while it waits. */
  readonly at: number | null
  readonly place: TextPlace | null
}
