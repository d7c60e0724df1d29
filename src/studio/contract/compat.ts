import type { Tier } from '../../core/tier.ts'
import type { TextPlace } from './finding.ts'

/** `GET /api/issues/:id/compat?tier=…`: what the final HTML is like in the mail programs that readers use. */
export interface IssueCompat {
  readonly version: number
  readonly tier: Tier
  readonly clients: readonly MailClient[]
  /** Only what a reader would notice, the worst first. */
  readonly notes: readonly CompatNote[]
  readonly form: readonly FormNote[]
  readonly links: LinkChecks
}

export interface MailClient {
  readonly id: string
  readonly name: string
}

export interface CompatNote {
  readonly feature: string
  /** What happens, for a reader: “The dark colours are not used.” */
  readonly sentence: string
  readonly severity: 'breaks' | 'differs'
  /** Ids of the clients. */
  readonly clients: readonly string[]
  /** caniemail's page of the feature. */
  readonly url: string | null
  readonly place: TextPlace | null
}

/** Contrast in both schemes, size, images, header syntax. */
export interface FormNote {
  readonly topic: 'contrast' | 'size' | 'images' | 'headers' | 'structure'
  readonly severity: 'error' | 'warning' | 'info'
  readonly sentence: string
  readonly place: TextPlace | null
}

/** Looked at in the background; a `checks` event says when there is more. */
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
