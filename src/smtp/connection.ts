import type { Connection, Envelope, Outcome, Ready, WireMessage } from '../delivery/transport.ts'
import { envelopeCommands, type EnvelopeCommands } from './envelope.ts'
import type { SmtpOptions } from './options.ts'
import { outcomeOf, SmtpFailure, type FailedOutcome, type Failure } from './outcome.ts'
import type { Owed } from './dialogue.ts'
import { readable, type Reply } from './reply.ts'
import { openSession, type Session } from './session.ts'

type Answer = Ready | FailedOutcome

/** A message the server has been told of. `lost`: its connection went before there was an answer. */
interface Offered {
  readonly envelope: Envelope
  failure: Failure | null
  answer: Answer | 'lost' | null
  /** Wakes whoever waits for the answer. */
  wake: (() => void) | null
}

const ready: Ready = { state: 'ready' }

const MESSAGES = 1_000
const IDLE_MS = 30_000

/**
 * One lane to a server. What is on the wire, where the server pipelines (RFC 2920):
 *
 *   MAIL RCPT DATA ─▶ ready ─▶ content . MAIL RCPT DATA ─▶ outcome, ready ─▶ content . …
 *                              └──────── one write ────────┘
 *
 * and in lock-step where it does not.
 */
export class SmtpConnection implements Connection {
  readonly #options: SmtpOptions
  readonly #closing = new AbortController()
  #session: Session | null = null
  /** Messages told of over this session. */
  #messages = 0
  /** A transaction was begun and not brought to its end. */
  #needsReset = false
  #offered: Offered | null = null
  #finish: ((outcome: Outcome) => void) | null = null

  readonly #mail: Owed = { to: 'mail', take: (reply) => this.#note(reply, 'mail', 250) }
  readonly #rcpt: Owed = { to: 'rcpt', take: (reply) => this.#note(reply, 'rcpt', 250) }
  readonly #data: Owed = { to: 'data', take: (reply) => this.#answer(reply) }
  readonly #dot: Owed = { to: 'dot', take: (reply) => this.#settle(reply) }
  readonly #ignored: Owed = { to: 'rset', take: () => undefined }

  constructor(options: SmtpOptions) {
    this.#options = options
  }

  async offer(envelope: Envelope): Promise<Answer> {
    const before = this.#offered
    if (before !== null && before.envelope.messageId === envelope.messageId) {
      const answer = await this.#answered(before)
      if (answer !== 'lost') return answer
    } else this.withdraw()
    // A server may have dropped a connection that had been in use: that says nothing of this message.
    for (;;) {
      const used = this.#isUsable()
      const answer = await this.#offerOnce(envelope)
      if (answer !== 'lost') return answer
      if (!used || this.#closing.signal.aborted) return this.#lost()
    }
  }

  deliver(message: WireMessage, next: Envelope | null): Promise<Outcome> {
    const session = this.#session
    const offered = this.#offered
    if (offered === null || offered.envelope.messageId !== message.messageId)
      throw new TypeError('deliver: this message was not offered')
    this.#offered = null
    if (session === null || offered.answer !== ready) return Promise.resolve(this.#lost())
    return new Promise((resolve) => {
      this.#finish = resolve
      const { dialogue } = session
      const { socket } = dialogue
      dialogue.expect(this.#dot)
      const commands = next === null ? null : this.#ahead(session, next)
      socket.cork()
      socket.write(message.raw)
      socket.write(commands === null ? '.\r\n' : `.\r\n${commands}`)
      socket.uncork()
    })
  }

  withdraw(): void {
    if (this.#offered === null) return
    this.#offered = null
    // Once the server waits for the content, every end but this one would deliver an empty message.
    this.#session?.dialogue.end('the message was withdrawn')
  }

  async close(): Promise<void> {
    if (this.#offered !== null) this.withdraw()
    await this.#leave()
    this.#closing.abort()
  }

  /** The commands of the next message, to be written with this one's content; null where that cannot be. */
  #ahead(session: Session, next: Envelope): string | null {
    if (!session.server.pipelining || this.#isDue()) return null
    const commands = envelopeCommands(next, session.server)
    if ('stage' in commands) return null
    return this.#begin(session, next, commands)
  }

  /** Owes the answers to MAIL, RCPT and DATA. */
  #begin({ dialogue }: Session, envelope: Envelope, { mail, rcpt }: EnvelopeCommands): string {
    this.#offered = { envelope, failure: null, answer: null, wake: null }
    this.#messages += 1
    dialogue.expect(this.#mail)
    dialogue.expect(this.#rcpt)
    dialogue.expect(this.#data)
    return `${mail}\r\n${rcpt}\r\nDATA\r\n`
  }

  async #offerOnce(envelope: Envelope): Promise<Answer | 'lost'> {
    let session: Session
    try {
      session = await this.#open()
    } catch (error) {
      if (error instanceof SmtpFailure) return outcomeOf(error.failure, false)
      throw error
    }
    const commands = envelopeCommands(envelope, session.server)
    if ('stage' in commands) return outcomeOf(commands, false)
    if (session.server.pipelining) {
      const reset = this.#needsReset ? 'RSET\r\n' : ''
      if (this.#needsReset) session.dialogue.expect(this.#ignored)
      this.#needsReset = false
      session.dialogue.socket.write(reset + this.#begin(session, envelope, commands))
      const offered = this.#offered
      return offered === null ? 'lost' : this.#answered(offered)
    }
    return this.#lockStep(session, envelope, commands)
  }

  /** Each command after the reply to the one before it. */
  async #lockStep(
    { dialogue }: Session,
    envelope: Envelope,
    { mail, rcpt }: EnvelopeCommands,
  ): Promise<Answer | 'lost'> {
    const offered: Offered = { envelope, failure: null, answer: null, wake: null }
    this.#offered = offered
    this.#messages += 1
    try {
      if (this.#needsReset) await dialogue.ask('RSET', 'rset')
      this.#needsReset = false
      this.#note(await dialogue.ask(mail, 'mail'), 'mail', 250)
      if (offered.failure === null) this.#note(await dialogue.ask(rcpt, 'rcpt'), 'rcpt', 250)
      if (offered.failure === null) this.#answer(await dialogue.ask('DATA', 'data'))
      else this.#refuse(offered, offered.failure)
    } catch (error) {
      if (!(error instanceof SmtpFailure)) throw error
    }
    return this.#answered(offered)
  }

  /** A reply to MAIL or RCPT; the first refusal is the one that counts. */
  #note(reply: Reply, stage: 'mail' | 'rcpt', code: number): void {
    const offered = this.#offered
    if (offered === null || offered.failure !== null) return
    const good = reply.code === code || (stage === 'rcpt' && (reply.code === 251 || reply.code === 252))
    if (good) this.#needsReset = true
    else offered.failure = { stage, reply: reply.text, message: reply.text }
    if (reply.code === 421) this.#session?.dialogue.end('the server closed the connection', reply.text)
  }

  /** The reply to DATA. */
  #answer(reply: Reply): void {
    const offered = this.#offered
    const dialogue = this.#session?.dialogue
    if (offered === null || dialogue === undefined) return
    const { failure } = offered
    if (failure === null && reply.code === 354) {
      offered.answer = ready
      offered.wake?.()
      return
    }
    if (reply.code === 354) {
      // RFC 2920 §3.1: nobody is to have it, and the server waits for a message all the same.
      if (failure?.stage === 'rcpt') {
        dialogue.expect({ to: 'dot', take: () => undefined })
        dialogue.socket.write('.\r\n')
        this.#needsReset = false
      } else dialogue.end('the server wanted the content of a message it had refused')
    }
    this.#refuse(offered, failure ?? { stage: 'data', reply: reply.text, message: reply.text })
    if (reply.code === 421) dialogue.end('the server closed the connection', reply.text)
  }

  #refuse(offered: Offered, failure: Failure): void {
    offered.answer ??= outcomeOf(failure, false)
    if (this.#offered === offered) this.#offered = null
    offered.wake?.()
  }

  /** The reply to the content. */
  #settle(reply: Reply): void {
    const finish = this.#finish
    this.#finish = null
    this.#needsReset = false
    const { text } = reply
    if (reply.code === 250) return finish?.({ state: 'accepted', reply: readable(text) })
    if (reply.code === 421) this.#session?.dialogue.end('the server closed the connection', text)
    finish?.(outcomeOf({ stage: 'dot', reply: text, message: text }, true))
  }

  /** The session is over: what was under way ends as it stood. */
  #over(session: Session): void {
    if (this.#session !== session) return
    this.#session = null
    const { message, reply } = session.dialogue.ending ?? { message: 'the connection is closed', reply: null }
    const finish = this.#finish
    this.#finish = null
    finish?.(outcomeOf({ stage: 'dot', reply, message }, true))
    const offered = this.#offered
    if (offered !== null) {
      if (offered.failure !== null) offered.answer = outcomeOf(offered.failure, false)
      else offered.answer = 'lost'
      offered.wake?.()
    }
  }

  async #answered(offered: Offered): Promise<Answer | 'lost'> {
    if (offered.answer === null) await new Promise<void>((resolve) => (offered.wake = resolve))
    if (offered.answer !== ready && this.#offered === offered) this.#offered = null
    return offered.answer ?? 'lost'
  }

  #lost(): FailedOutcome {
    return { state: 'deferred', reply: 'the connection was lost before the message', serverDown: true }
  }

  #isUsable(): boolean {
    return this.#session !== null && !this.#isDue()
  }

  /** A server may drop a connection that has had enough messages, or none for long. */
  #isDue(): boolean {
    const { messagesPerConnection = MESSAGES, idle = IDLE_MS } = this.#options
    return this.#messages >= messagesPerConnection || (this.#session?.dialogue.silence ?? 0) > idle
  }

  async #open(): Promise<Session> {
    if (this.#session !== null && this.#isDue()) await this.#leave()
    if (this.#session !== null) return this.#session
    const session = await openSession(this.#options, this.#closing.signal)
    this.#session = session
    this.#messages = 0
    this.#needsReset = false
    session.dialogue.whenOver(() => this.#over(session))
    return session
  }

  /** QUIT; whatever comes of it, the session is over. */
  async #leave(): Promise<void> {
    const session = this.#session
    if (session === null) return
    if (session.dialogue.owed === 0) await session.dialogue.ask('QUIT', 'quit').catch(() => undefined)
    session.dialogue.end('the connection was closed')
    this.#session = null
  }
}
