/** A mail to one person that is no issue: a confirmation, a log-in link. Carries no List-Unsubscribe-Post. */
export interface Letter {
  readonly from: { readonly name: string; readonly address: string }
  readonly replyTo: string | null
  readonly to: string
  readonly subject: string
  /** LF line ends. */
  readonly text: string
  /** Null: whom it goes to wants text alone. */
  readonly html: string | null
  /** With angle brackets; the same on a retry. */
  readonly messageId: string
  /** Milliseconds since the epoch. */
  readonly date: number
}
