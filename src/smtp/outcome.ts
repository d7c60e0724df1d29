import type { Outcome, RejectionClass } from '../delivery/transport.ts'

/** What is known of an attempt that did not end with a 250: nodemailer's error, read once. */
export interface Failure {
  /** Its error code, such as ECONNECTION, EAUTH, EENVELOPE or EMESSAGE. */
  readonly code: string
  /** The command that failed: CONN, EHLO, AUTH …, MAIL FROM, RCPT TO, DATA; or empty. */
  readonly command: string
  /** The server's reply, or null when none came. */
  readonly reply: string | null
  /** For people, where no reply came. */
  readonly message: string
}

/**
 * What a failed attempt means. What decides whether it may be tried again is `bodyBegun`: before
 * the first byte of the body nothing can have been accepted; after it, only a reply tells.
 */
export function outcomeOf(failure: Failure, bodyBegun: boolean): Outcome {
  const { reply } = failure
  const code = Number(/^\d{3}/.exec(reply ?? '')?.[0] ?? 0)
  if (reply !== null && code >= 400 && code < 500) {
    return {
      state: 'deferred',
      reply,
      // 421: the server closes. Before MAIL it is the server that has trouble, not the message.
      serverDown: code === 421 || isGreeting(failure),
    }
  }
  if (reply !== null && code >= 500)
    return { state: 'rejected', reply, class: rejectionClass(failure, reply, bodyBegun) }
  if (bodyBegun) return { state: 'unknown', reply: reply ?? failure.message }
  if (failure.code === 'EAUTH' || (failure.code === 'EMESSAGE' && failure.command === 'MAIL FROM'))
    return { state: 'rejected', reply: failure.message, class: 'fatal' }
  // An envelope that nodemailer itself will not send.
  if (failure.code === 'EENVELOPE' && reply === null)
    return { state: 'rejected', reply: failure.message, class: 'other' }
  return { state: 'deferred', reply: reply ?? failure.message, serverDown: true }
}

/** Before MAIL: connecting, greeting, EHLO, STARTTLS, AUTH. */
function isGreeting({ command }: Failure): boolean {
  return !/^(MAIL FROM|RCPT TO|DATA)$/.test(command)
}

/** RFC 3463: these say that the mailbox is not there; nothing else tells that of an address for good. */
const addressCodes = new Set(['5.1.1', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

function rejectionClass(failure: Failure, reply: string, bodyBegun: boolean): RejectionClass {
  if (!bodyBegun && (isGreeting(failure) || failure.command === 'MAIL FROM')) return 'fatal'
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1]
  if (enhanced === undefined) return 'other'
  if (addressCodes.has(enhanced)) return 'address'
  return enhanced.startsWith('5.7.') ? 'policy' : 'other'
}
