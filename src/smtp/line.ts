import type { SmtpOptions } from './options.ts'
import { SmtpFailure } from './outcome.ts'
import { openSession, type Session } from './session.ts'

const MESSAGES = 1_000
const IDLE_MS = 30_000

/** A session kept for the messages to come: opened when it is needed, and again before a server tires of it. */
export class Line {
  readonly #options: SmtpOptions
  /** Called when a session ends, for whatever reason. */
  readonly #whenOver: (session: Session) => void
  readonly #closing = new AbortController()
  #session: Session | null = null
  /** Messages told of over this session. */
  #messages = 0

  constructor(options: SmtpOptions, whenOver: (session: Session) => void) {
    this.#options = options
    this.#whenOver = whenOver
  }

  get session(): Session | null {
    return this.#session
  }

  /** A server may drop a connection that has had enough messages, or none for long. */
  get isDue(): boolean {
    const { messagesPerConnection = MESSAGES, idle = IDLE_MS } = this.#options
    return this.#messages >= messagesPerConnection || (this.#session?.dialogue.silence ?? 0) > idle
  }

  countMessage(): void {
    this.#messages += 1
  }

  /**
   * The session that is open, or a new one.
   * @throws SmtpFailure
   */
  async open(): Promise<Session> {
    if (this.#session !== null && this.isDue) await this.#leave()
    if (this.#session !== null) return this.#session
    const session = await openSession(this.#options, this.#closing.signal)
    // A word more in the packet of the last reply: nobody would be told of an end that came before.
    const { ending } = session.dialogue
    if (ending !== null) throw new SmtpFailure({ stage: 'ehlo', ...ending })
    this.#session = session
    this.#messages = 0
    session.dialogue.whenOver(() => {
      this.#session = null
      this.#whenOver(session)
    })
    return session
  }

  /** Ends the session at once. */
  end(message: string, reply: string | null = null): void {
    this.#session?.dialogue.end(message, reply)
  }

  /** QUIT, where nothing is under way; one that is being opened is given up. */
  async close(): Promise<void> {
    await this.#leave()
    this.#closing.abort()
  }

  async #leave(): Promise<void> {
    if (this.#session?.dialogue.owed === 0)
      await this.#session.dialogue.ask('QUIT', 'quit').catch(() => undefined)
    this.end('the connection was closed')
  }
}
