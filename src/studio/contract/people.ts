import type { Tier } from '../../core/tier.ts'

/** `GET /api/people?q=…&newsletter=…&state=…&tier=…&after=…` */
export interface PeoplePage {
  readonly counts: PeopleCounts
  readonly people: readonly PersonLine[]
  /** What `after` takes for the next page, or null. */
  readonly next: string | null
}

export interface PeopleCounts {
  readonly total: number
  /** State → how many. */
  readonly states: Readonly<Record<string, number>>
}

export interface PersonLine {
  /** The person's name in addresses. */
  readonly id: string
  /** Null once erased. */
  readonly address: string | null
  readonly name: string | null
  readonly tier: Exclude<Tier, 'public'>
  /** The state that counts: pending, confirmed, left, paused, suppressed, erased. */
  readonly state: string
  readonly newsletters: readonly string[]
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** `GET /api/people/:id` */
export interface Person extends PersonLine {
  readonly suppression: { readonly reason: string; readonly note: string | null; readonly at: number } | null
  readonly consents: readonly PersonConsent[]
  readonly received: readonly PersonDelivery[]
}

export interface PersonConsent {
  readonly newsletter: string
  readonly state: string
  readonly at: number | null
  readonly source: string | null
  readonly leftAt: number | null
}

/** One delivery, with the way to what exactly they received. */
export interface PersonDelivery {
  readonly issue: string
  readonly subject: string | null
  readonly rehearsal: boolean
  readonly state: string
  readonly at: number
  readonly reply: string | null
  /** The address of a frame with the frozen edition, made out to this person; null where it is not kept. */
  readonly frame: string | null
}

/** `POST /api/people/import/look`: the body is a CSV file of at most 50 MB; says what is in it and guesses the mapping. */
export interface ImportLook {
  /** Names this upload to `ImportRequest`, until the studio ends. */
  readonly upload: string
  readonly rows: number
  readonly columns: readonly { readonly name: string; readonly samples: readonly string[] }[]
  /** Column → field, or null: left out. */
  readonly mapping: Readonly<Record<string, string | null>>
  readonly fields: readonly { readonly key: string; readonly label: string }[]
  /** “Mailchimp”, “Substack”, or null. */
  readonly from: string | null
}

/** `POST /api/people/import` */
export interface ImportRequest {
  readonly upload: string
  readonly mapping: Readonly<Record<string, string | null>>
  readonly newsletter: string
  readonly dryRun: boolean
}

export interface ImportResult {
  readonly dryRun: boolean
  readonly read: number
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  /** The first hundred. */
  readonly refused: readonly { readonly line: number; readonly reason: string }[]
  readonly refusedTotal: number
}
