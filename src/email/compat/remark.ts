import type { MailClientId } from '../../core/mail-clients.ts'
import type { MailPlace } from './mail-tree.ts'

/** One thing about a mail that a reader would notice. */
export interface Remark {
  /** Stable; what is before the dot says what was looked at: `client.radius`, `contrast.dark`, `size.clip`. */
  readonly code: string
  /** `breaks`: reading or a link is lost for somebody; `looks-different`: it can be read. */
  readonly severity: 'breaks' | 'looks-different'
  /** One plain sentence. */
  readonly message: string
  /** What to do about it, or null. */
  readonly hint: string | null
  /** The mail programs it is about; none where it is about all. */
  readonly clients: readonly MailClientId[]
  /** How many places it is found at. */
  readonly count: number
  /** The first of them, or null where it is about the whole. */
  readonly place: MailPlace | null
  /** What testers say of it, for who builds templates. */
  readonly notes: readonly string[]
  /** An address with more about it, or null. */
  readonly more: string | null
}

/** A remark about the mail as a whole, unless `more` says otherwise. */
export function remark(
  code: string,
  severity: Remark['severity'],
  message: string,
  more: Partial<Omit<Remark, 'code' | 'severity' | 'message'>> = {},
): Remark {
  return {
    code,
    severity,
    message,
    hint: null,
    clients: [],
    count: 1,
    place: null,
    notes: [],
    more: null,
    ...more,
  }
}
