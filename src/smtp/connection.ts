import type { Connection, Envelope, Outcome, Ready, WireMessage } from '../delivery/transport.ts'
import type { Owed } from './dialogue.ts'
import { envelopeCommands, type EnvelopeCommands } from './envelope.ts'
import { Line } from './line.ts'
import type { SmtpOptions, Wait } from './options.ts'
import { outcomeOf, SmtpFailure, type FailedOutcome, type Failure } from './outcome.ts'
import { readable, type Reply } from './reply.ts'
import type { Session } from './session.ts'

type Answer = Ready | FailedOutcome

/** A message the server has been told of. */
interface Offered {
  readonly envelope: Envelope
  /** The first refusal. */
  failure: Failure | null
  answer: Answer | null
  /** The connection went, and that says nothing of the message: another connection may take it. */
  lost: boolean
  /** Wakes whoever waits for the answer. */
  wake: (() => void) | null
}

const ready: Ready = { state: 'ready' }

const NOTHING = Buffer.alloc(0)
const gone = 'the server closed the connection'

/**
 * One lane to a server. On the wire, where the server pipelines (RFC 2920):
 *
 *   MAIL RCPT DATA ─▶ ready ─▶ content . MAIL RCPT DATA ─▶ outcome, ready ─▶ content . …
 *                              └──────── one write ────────┘
 *
 * and in lock-step where it does not.
 */
export class SmtpConnection implements Connection {
  readonly #line: Line
  /** A transaction was begun and not brought to its end. */
  #needsReset = false
  #offered: Offered | null = null
  /** Of the message whose content was written and not answered. */
  #finish: ((outcome: Outcome) => void) | null = null
  /** The message offered with that content was taken back. */
  #withdrawn = false

  readonly #mail: Owed = { to: 'mail', take: (reply) => this.#note(reply, 'mail') }
  readonly #rcpt: Owed = { to: 'rcpt', take: (reply) => this.#note(reply, 'rcpt') }
  readonly #data: Owed = { to: 'data', take: (reply) => this.#answer(reply) }
  readonly #dot: Owed = { to: 'dot', take: (reply) => this.#settle(reply) }

  constructor(options: SmtpOptions) {
    this.#line = new Line(options, (session) => this.#over(session))
  }

  async offer(envelope: Envelope): Promise<Answer> {
    const ahead = this.#offered
    if (ahead?.envelope.messageId === envelope.messageId) {
      const answer = await this.#answerTo(ahead)
      if (!ahead.lost) return answer
    } else this.withdraw()
    for (;;) {
      // A connection that had been in use may be dropped at any time; a new one answers for itself.
      const used = this.#line.session !== null && !this.#line.isDue
      const { answer, lost } = await this.#offerOnce(envelope)
      if (!lost || !used) return answer
    }
  }

  deliver(message: WireMessage, next: Envelope | null): Promise<Outcome> {
    const session = this.#line.session
    const offered = this.#offered
    if (offered?.envelope.messageId !== message.messageId || offered.answer === null)
      throw new TypeError(`deliver: ${message.messageId} was not offered`)
    if (!endsLine(message.raw)) {
      this.withdraw()
      return Promise.resolve({
        state: 'rejected',
        class: 'other',
        reply: 'not sent: its last line has no end',
      })
    }
    this.#offered = null
    if (session === null || offered.answer.state !== 'ready')
      return Promise.resolve(outcomeOf(lostBefore('data', null), false))
    return new Promise((resolve) => {
      this.#finish = resolve
      const { dialogue } = session
      const { socket } = dialogue
      dialogue.expect(this.#dot)
      const commands = next === null ? '' : this.#ahead(session, next)
      socket.cork()
      socket.write(message.raw)
      socket.write(`.\r\n${commands}`)
      socket.uncork()
    })
  }

  withdraw(): void {
    const offered = this.#offered
    this.#offered = null
    if (offered === null || isRefused(offered)) return
    // Once the server waits for the content, any other end would deliver an empty message.
    if (this.#finish === null) this.#line.end('the message was withdrawn')
    else this.#withdrawn = true
  }

  async close(): Promise<void> {
    this.withdraw()
    await this.#line.close()
  }

  /** The commands that go with the content before them; none where they cannot. */
  #ahead(session: Session, next: Envelope): string {
    if (!session.server.pipelining || this.#line.isDue) return ''
    const commands = envelopeCommands(next, session.server)
    // `offer` will say why not.
    return 'stage' in commands ? '' : this.#begin(session, next, commands)
  }

  /** Owes the answers to MAIL, RCPT and DATA. */
  #begin({ dialogue }: Session, envelope: Envelope, { mail, rcpt }: EnvelopeCommands): string {
    this.#tell(envelope)
    dialogue.expect(this.#mail)
    dialogue.expect(this.#rcpt)
    dialogue.expect(this.#data)
    return `${mail}\r\n${rcpt}\r\nDATA\r\n`
  }

  #tell(envelope: Envelope): Offered {
    const offered: Offered = { envelope, failure: null, answer: null, lost: false, wake: null }
    this.#offered = offered
    this.#line.countMessage()
    return offered
  }

  async #offerOnce(envelope: Envelope): Promise<{ readonly answer: Answer; readonly lost: boolean }> {
    let session: Session
    try {
      session = await this.#line.open()
    } catch (error) {
      if (error instanceof SmtpFailure) return { answer: outcomeOf(error.failure, false), lost: false }
      throw error
    }
    const commands = envelopeCommands(envelope, session.server)
    if ('stage' in commands) return { answer: outcomeOf(commands, false), lost: false }
    const offered = session.server.pipelining
      ? this.#atOnce(session, envelope, commands)
      : await this.#inLockStep(session, envelope, commands)
    const answer =
      offered === null ? outcomeOf(lostBefore('mail', null), false) : await this.#answerTo(offered)
    return { answer, lost: offered?.lost ?? true }
  }

  #atOnce(session: Session, envelope: Envelope, commands: EnvelopeCommands): Offered | null {
    const { dialogue } = session
    if (this.#needsReset) dialogue.expect({ to: 'rset', take: () => undefined })
    const reset = this.#needsReset ? 'RSET\r\n' : ''
    this.#needsReset = false
    dialogue.socket.write(reset + this.#begin(session, envelope, commands))
    return this.#offered
  }

  /** Each command after the reply to the one before it. */
  async #inLockStep(
    { dialogue }: Session,
    envelope: Envelope,
    { mail, rcpt }: EnvelopeCommands,
  ): Promise<Offered> {
    const offered = this.#tell(envelope)
    try {
      if (this.#needsReset) await dialogue.ask('RSET', 'rset')
      this.#needsReset = false
      this.#note(await dialogue.ask(mail, 'mail'), 'mail')
      if (offered.failure === null) this.#note(await dialogue.ask(rcpt, 'rcpt'), 'rcpt')
      if (offered.failure === null) this.#answer(await dialogue.ask('DATA', 'data'))
      else this.#refuse(offered, offered.failure)
    } catch (error) {
      // The end of the dialogue has answered for it.
      if (!(error instanceof SmtpFailure)) throw error
    }
    return offered
  }

  /** The reply to MAIL or RCPT; the first refusal is the one that counts. */
  #note({ code, text }: Reply, stage: 'mail' | 'rcpt'): void {
    const offered = this.#offered
    if (code === 250 || (stage === 'rcpt' && (code === 251 || code === 252))) {
      this.#needsReset = true
      return
    }
    if (code < 400) return this.#outOfStep()
    if (offered !== null) offered.failure ??= { stage, reply: text, message: text }
    if (code === 421) this.#line.end(gone, text)
  }

  /** The reply to DATA. */
  #answer({ code, text }: Reply): void {
    const offered = this.#offered
    // It may have ended meanwhile.
    if (offered === null || offered.answer !== null) return
    const { failure } = offered
    if (code < 400 && code !== 354) return this.#outOfStep()
    if (code === 354 && failure === null) {
      offered.answer = ready
      offered.wake?.()
      return
    }
    if (code === 354) this.#sendNothing(failure)
    this.#refuse(offered, failure ?? { stage: 'data', reply: text, message: text })
    if (code === 421) this.#line.end(gone, text)
  }

  /** Neither taken nor refused: the replies cannot be told apart, and mean nothing for any message. */
  #outOfStep(): void {
    if (this.#offered !== null) this.#offered.failure = null
    this.#line.end('the server does not answer in order')
  }

  /** The server waits for the content of a message that it refused. */
  #sendNothing(failure: Failure | null): void {
    const dialogue = this.#line.session?.dialogue
    // RFC 2920 §3.1: a lone dot, which nobody gets. With a recipient that was not refused, somebody might.
    if (failure?.stage !== 'rcpt') return dialogue?.end('the server wanted what it had refused')
    dialogue?.expect({ to: 'dot', take: () => undefined })
    dialogue?.socket.write('.\r\n')
    this.#needsReset = false
  }

  #refuse(offered: Offered, failure: Failure): void {
    offered.answer ??= outcomeOf(failure, false)
    offered.wake?.()
  }

  /** The reply to the content. */
  #settle(reply: Reply): void {
    const { code, text } = reply
    const dialogue = this.#line.session?.dialogue
    const unsent = dialogue !== undefined && dialogue.socket.writableLength > 0
    if (code === 250 && unsent) {
      // The system has not taken all of it yet: the envelope after it, or the server says too much too early.
      dialogue.socket.write(NOTHING, (error) => {
        if (!error) this.#finished({ state: 'accepted', reply: readable(text) })
      })
      return
    }
    const outcome: Outcome =
      code === 250
        ? { state: 'accepted', reply: readable(text) }
        : outcomeOf({ stage: 'dot', reply: text, message: text }, true)
    this.#finished(outcome)
    if (code === 421) this.#line.end(gone, text)
    else if (unsent) this.#line.end('the server refused the message before it had all of it')
    else if (code < 400 && code !== 250) this.#line.end('the server does not answer in order')
  }

  #finished(outcome: Outcome): void {
    const finish = this.#finish
    if (finish === null) return
    this.#finish = null
    finish(outcome)
    if (this.#withdrawn) this.#line.end('the message was withdrawn')
  }

  /** The session is over: what was under way ends as it stands. */
  #over(session: Session): void {
    this.#withdrawn = false
    this.#needsReset = false
    const { message, reply } = session.dialogue.ending ?? { message: 'the connection is closed', reply: null }
    this.#finished(outcomeOf({ stage: 'dot', reply, message }, true))
    const offered = this.#offered
    if (offered === null || isRefused(offered)) return
    const { failure } = offered
    offered.lost = failure === null || (failure.stage === 'mail' && failure.reply?.startsWith('421') === true)
    offered.answer = outcomeOf(failure ?? lostBefore('mail', reply, message), false)
    offered.wake?.()
  }

  async #answerTo(offered: Offered): Promise<Answer> {
    if (offered.answer === null) await new Promise<void>((resolve) => (offered.wake = resolve))
    const answer = offered.answer ?? outcomeOf(lostBefore('mail', null), false)
    if (answer.state !== 'ready' && this.#offered === offered) this.#offered = null
    return answer
  }
}

function isRefused({ answer }: Offered): boolean {
  return answer !== null && answer.state !== 'ready'
}

function lostBefore(stage: Wait, reply: string | null, message = 'the connection was lost'): Failure {
  return { stage, reply, message }
}

/** Without this, the dot would end nothing. */
function endsLine(content: Buffer): boolean {
  return content[content.length - 1] === 10 && content[content.length - 2] === 13
}
