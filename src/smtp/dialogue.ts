import type { Socket } from 'node:net'
import type { Timeouts, Wait } from './options.ts'
import { readable, ReplyReader, type Reply } from './reply.ts'
import { SmtpFailure } from './outcome.ts'

/** A reply that is owed: to what, and who takes it. */
export interface Owed {
  readonly to: Wait
  take(reply: Reply): void
  /** The dialogue ended before it came. */
  lost?(): void
}

/** Why a dialogue is over. */
export interface Ending {
  readonly message: string
  /** What the server said unasked before it went, such as a 421. */
  readonly reply: string | null
}

/**
 * Commands and replies over one socket, in order. Every reply must be owed: one that comes before its
 * command was written is no answer to it, and ends the dialogue, as anything does that is not SMTP.
 */
export class Dialogue {
  readonly socket: Socket
  readonly #timeouts: Timeouts
  readonly #reader = new ReplyReader()
  readonly #owed: Owed[] = []
  readonly #watch: NodeJS.Timeout
  readonly #whenOver: (() => void)[] = []
  /** Milliseconds since a reply was read, or the first one that is owed was asked for, counted in steps of `#watch`. */
  #silence = 0
  #ending: Ending | null = null
  readonly #listeners: (() => void)[] = []

  constructor(socket: Socket, timeouts: Timeouts) {
    this.socket = socket
    this.#timeouts = timeouts
    const on = <Args extends unknown[]>(event: string, act: (...args: Args) => void): void => {
      socket.on(event, act)
      this.#listeners.push(() => socket.off(event, act))
    }
    on('data', (packet: Buffer) => this.#read(packet))
    on('error', (error: Error) => this.end(`the connection broke: ${error.message}`))
    on('end', () => this.end('the server closed the connection'))
    on('close', () => this.end('the connection was closed'))
    const step = Math.min(5_000, Math.max(10, Math.min(...Object.values(timeouts)) / 8))
    // One timer a connection: a message costs it nothing.
    this.#watch = setInterval(() => this.#tick(step), step).unref()
  }

  get ending(): Ending | null {
    return this.#ending
  }

  /** Replies that have not come. */
  get owed(): number {
    return this.#owed.length
  }

  /** Milliseconds without a whole reply, roughly; from when it is asked for. */
  get silence(): number {
    return this.#silence
  }

  /** Calls once, when the dialogue ends for whatever reason. */
  whenOver(act: () => void): void {
    this.#whenOver.push(act)
  }

  /** Whoever writes says at once which replies that will bring, in their order. */
  expect(owed: Owed): void {
    if (this.#owed.push(owed) === 1) this.#silence = 0
  }

  /**
   * Writes one command and waits for its reply.
   * @throws SmtpFailure when the dialogue ends first
   */
  ask(command: string | null, to: Wait): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        const { message, reply } = this.#ending ?? { message: 'the connection is closed', reply: null }
        reject(new SmtpFailure({ stage: to, reply, message }))
      }
      if (this.#ending !== null) return fail()
      this.expect({ to, take: resolve, lost: fail })
      if (command !== null) this.socket.write(`${command}\r\n`)
    })
  }

  /** Ends it at once, without QUIT: what has not been sent is never sent. */
  end(message: string, reply: string | null = null): void {
    if (this.#ending !== null) return
    this.#ending = { message, reply }
    clearInterval(this.#watch)
    this.socket.destroy()
    for (const owed of this.#owed.splice(0)) owed.lost?.()
    for (const act of this.#whenOver.splice(0)) act()
  }

  /**
   * Hands the socket over to TLS. What came in the clear after the reply to STARTTLS is never looked
   * at (RFC 3207 §6): it ends the dialogue.
   * @throws SmtpFailure
   */
  release(): Socket {
    if (this.#reader.midway) this.end('the server went on in the clear after STARTTLS')
    if (this.#ending !== null)
      throw new SmtpFailure({ stage: 'starttls', reply: null, message: this.#ending.message })
    for (const off of this.#listeners) off()
    clearInterval(this.#watch)
    return this.socket
  }

  #read(packet: Buffer): void {
    if (this.#ending !== null) return
    const wrong = this.#reader.read(packet, (reply) => this.#take(reply))
    if (wrong !== null) this.end(`the server does not speak SMTP: ${wrong}`)
  }

  #take(reply: Reply): boolean {
    // Not with each packet: a server that drips would never be late.
    this.#silence = 0
    const owed = this.#owed.shift()
    if (owed === undefined) {
      // RFC 5321 §3.8: a server that goes away may say so at any time.
      if (reply.code === 421) this.end('the server closed the connection', reply.text)
      else this.end(`the server answered what it was not asked: “${readable(reply.text)}”`)
      return false
    }
    owed.take(reply)
    return this.#ending === null
  }

  #tick(step: number): void {
    this.#silence += step
    const unsent = this.socket.writableLength > 0
    const wait = unsent ? 'block' : this.#owed[0]?.to
    if (wait === undefined) return
    const limit = this.#timeouts[wait]
    // A step may have begun just before it was counted.
    if (this.#silence <= limit + step) return
    this.end(`the server did not answer for ${limit / 1_000} seconds (${waitingFor(wait)})`)
  }
}

function waitingFor(wait: Wait): string {
  switch (wait) {
    case 'dot':
      return 'after the message'
    case 'block':
      return 'to take what was being sent'
    case 'greeting':
      return 'its greeting'
    default:
      return wait.toUpperCase()
  }
}
