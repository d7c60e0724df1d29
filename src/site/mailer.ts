import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Publication } from '../core/publication.ts'
import type { Tokens } from '../core/token.ts'
import type { Archive } from '../delivery/archive.ts'
import type { Transport } from '../delivery/transport.ts'
import type { Signer } from '../email/signer.ts'
import type { Letters } from '../subscribers/readers.ts'

/** Writes and sends the letters that wait, one after the other, in the process that serves. */
export interface Mailer {
  /** Looks for letters now. */
  wake(): void
  /** Finishes the one on the wire. */
  close(): Promise<void>
}

export interface MailerDeps {
  readonly letters: Letters
  readonly publication: Publication
  readonly baseUrl: string
  readonly tokens: Tokens
  /** What the welcome letter tells of. */
  readonly archive: Archive
  /** Signs letters as it signs issues; null: nothing does. */
  readonly signer: Signer | null
  /** Opened when the first letter is due, closed with the mailer. */
  openTransport(): Promise<Transport>
  readonly clock: Clock
  readonly log: Log
}

/** Starts a mailer: at once when it is woken, and every few seconds for what was put off. */
export function startMailer(_deps: MailerDeps): Mailer {
  return { wake: () => undefined, close: async () => undefined }
}
