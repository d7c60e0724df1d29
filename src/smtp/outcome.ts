import type { Outcome, RejectionClass } from '../delivery/transport.ts'
import type { Wait } from './options.ts'
import { readable } from './reply.ts'

/** Why an attempt did not end with a 250. */
export interface Failure {
  /** What the server was doing, or was asked for. */
  readonly stage: Wait
  /** The server's reply, or null when none came. */
  readonly reply: string | null
  /** For people, where no reply came. */
  readonly message: string
  /** What we refuse ourselves, for good: of all messages (`fatal`), or of this one. */
  readonly refusal?: 'fatal' | 'other'
}

/** A failure, thrown where there is no message yet to settle. */
export class SmtpFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.reply ?? failure.message)
    this.name = 'SmtpFailure'
    this.failure = failure
  }
}

/** A failed attempt was not accepted. */
export type FailedOutcome = Exclude<Outcome, { readonly state: 'accepted' }>

/**
 * What a failed attempt means:
 *
 *   reply 4xx                    deferred     before MAIL, or 421 to MAIL: it is the server that has trouble
 *   reply 5xx                    rejected     before MAIL, and to MAIL: it refuses us (fatal)
 *   refused by ourselves         rejected
 *   no such reply, body begun    unknown
 *   no such reply before it      deferred     the server is down: nothing can have been accepted
 */
export function outcomeOf(failure: Failure, bodyBegun: boolean): FailedOutcome {
  const { reply } = failure
  const code = Number(/^\d{3}/.exec(reply ?? '')?.[0] ?? 0)
  if (reply !== null && code >= 400 && code < 500) {
    // 421 to a recipient or a message is how a domain says: not so many (delivery/slow-down.ts).
    const serverDown = isBeforeMail(failure) || (code === 421 && isBeforeRecipient(failure))
    return { state: 'deferred', reply: readable(reply), serverDown }
  }
  if (reply !== null && code >= 500) {
    const kind = rejectionClass(failure, reply, bodyBegun)
    return { state: 'rejected', reply: withAdvice(failure, reply, kind), class: kind }
  }
  if (failure.refusal !== undefined)
    return { state: 'rejected', reply: readable(failure.message), class: failure.refusal }
  const said = readable(reply ?? failure.message)
  if (bodyBegun) return { state: 'unknown', reply: said }
  return { state: 'deferred', reply: said, serverDown: true, told: !isBeforeMail(failure) }
}

/** Connecting, greeting, EHLO, STARTTLS, AUTH: no message has been spoken of. */
function isBeforeMail({ stage }: Failure): boolean {
  switch (stage) {
    case 'connect':
    case 'greeting':
    case 'ehlo':
    case 'starttls':
    case 'tls':
    case 'auth':
      return true
    case 'mail':
    case 'rcpt':
    case 'data':
    case 'block':
    case 'dot':
    case 'rset':
    case 'quit':
      return false
  }
}

function isBeforeRecipient({ stage }: Failure): boolean {
  return stage === 'mail' || stage === 'rset' || stage === 'quit'
}

/** RFC 3463: these say that the mailbox is not there; nothing else tells that of an address for good. */
const addressCodes = new Set(['5.1.1', '5.1.3', '5.1.6', '5.1.10', '5.2.1'])

/** To MAIL, of this message and not of its sender: too large (RFC 1870), or in need of SMTPUTF8 (RFC 6531). */
const ofTheMessage = new Set(['5.2.3', '5.3.4', '5.6.7'])

function rejectionClass(failure: Failure, reply: string, bodyBegun: boolean): RejectionClass {
  const enhanced = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(reply)?.[1]
  if (!bodyBegun && isBeforeMail(failure)) return 'fatal'
  if (!bodyBegun && failure.stage === 'mail')
    return reply.startsWith('552') || (enhanced !== undefined && ofTheMessage.has(enhanced))
      ? 'other'
      : 'fatal'
  if (enhanced === undefined) return 'other'
  if (addressCodes.has(enhanced)) return 'address'
  return enhanced.startsWith('5.7.') ? 'policy' : 'other'
}

/** A reply that ends a whole send, with what to do about it. */
function withAdvice({ stage }: Failure, reply: string, kind: RejectionClass): string {
  if (kind !== 'fatal') return readable(reply)
  return `${readable(reply, 350)} (${advice(stage)})`
}

function advice(stage: Wait): string {
  switch (stage) {
    case 'auth':
      return 'check the user and the password in SMTP_URL'
    case 'mail':
      return 'the server must allow the From address: ask who runs it, or change “from” in onrecord.yaml'
    case 'starttls':
      return 'ask who runs the server; SMTP_TLS=off does without TLS'
    case 'connect':
    case 'greeting':
    case 'ehlo':
    case 'tls':
    case 'block':
    case 'rcpt':
    case 'data':
    case 'dot':
    case 'rset':
    case 'quit':
      return 'the server takes no mail from this machine: ask who runs it, or set another SMTP_URL'
  }
}
