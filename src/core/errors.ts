/**
 * What can go wrong, as a short closed list. The command line turns a code into an exit
 * status, the site and the studio into an HTTP status; nowhere else are codes translated.
 */
export type ErrorCode =
  | 'usage' // the command or a setting is wrong: exit 2
  | 'config' // onrecord.yaml or .env is wrong: exit 2
  | 'refused' // the request is understood and must not be carried out: exit 1
  | 'not-found' // no such issue, subscriber, file: exit 1
  | 'io' // the disk, the network or a server failed: exit 1
  | 'interrupted' // stopped by a signal with its state saved: exit 130

/** An error meant for a person: its message names the file, line or field and the next step. */
export class OnrecordError extends Error {
  readonly code: ErrorCode
  /** One line that says what to do next, or null where the message says it. */
  readonly hint: string | null

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'OnrecordError'
    this.code = code
    this.hint = options.hint ?? null
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
