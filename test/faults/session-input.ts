import type { Socket } from 'node:net'

const LINE_END = Buffer.from('\r\n')
const CONTENT_END = Buffer.from('\r\n.\r\n')

/** What a client says on one connection: lines, and the content of messages. */
export class SessionInput {
  #buffer: Buffer = Buffer.alloc(0)
  #wake: (() => void) | null = null
  /** The client has gone. */
  ended = false

  constructor(socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      this.#wake?.()
    })
    const end = (): void => {
      this.ended = true
      this.#wake?.()
    }
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', end)
  }

  /** The next line without its end; null when the client has gone. */
  async line(): Promise<string | null> {
    let end: number
    while ((end = this.#buffer.indexOf(LINE_END)) < 0) if (!(await this.#more())) return null
    return this.#take(end, LINE_END.length).toString('latin1')
  }

  /** Whether something has come that was not taken yet. */
  get hasSome(): boolean {
    return this.#buffer.length > 0
  }

  /** Waits until something of the content has come; false when the client went before that. */
  async begun(): Promise<boolean> {
    while (!this.hasSome) if (!(await this.#more())) return false
    return true
  }

  /** The content, without the dot that ends it; null when the client went before that. */
  async content(): Promise<Buffer | null> {
    let from = 0
    for (;;) {
      if (this.#buffer.length >= 3 && this.#buffer.subarray(0, 3).equals(CONTENT_END.subarray(2)))
        return this.#take(0, 3)
      const end = this.#buffer.indexOf(CONTENT_END, from)
      if (end >= 0) return this.#take(end, CONTENT_END.length)
      from = Math.max(0, this.#buffer.length - CONTENT_END.length + 1)
      if (!(await this.#more())) return null
    }
  }

  #take(length: number, end: number): Buffer {
    const taken = this.#buffer.subarray(0, length)
    this.#buffer = this.#buffer.subarray(length + end)
    return taken
  }

  async #more(): Promise<boolean> {
    if (this.ended) return false
    await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = null
    return true
  }
}
