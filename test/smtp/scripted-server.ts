import { createServer, type AddressInfo, type Socket } from 'node:net'

/** One session, as a script sees it. What it waits for never comes once the client has gone. */
export interface Talk {
  /** Counted from 1. */
  readonly session: number
  readonly socket: Socket
  /** What came, packet by packet. */
  readonly packets: readonly string[]
  /** All that came. */
  received(): string
  /** Whether something came that has not been read. */
  hasMore(): boolean
  /** Writes lines, each with its end. */
  say(...lines: string[]): void
  line(): Promise<string>
  /** A message, without the dot that ends it. */
  content(): Promise<string>
}

export interface ScriptedServer {
  readonly port: number
  readonly talks: readonly Talk[]
  close(): Promise<void>
}

/** A server over bare sockets that follows a script; it greets nobody by itself. */
export async function startScriptedServer(script: (talk: Talk) => Promise<void>): Promise<ScriptedServer> {
  const talks: Talk[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    const talk = talkOver(socket, talks.length + 1)
    talks.push(talk)
    void script(talk)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    talks,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The script's side of a socket, also of one that has gone over to TLS. */
export function talkOver(socket: Socket, session: number): Talk {
  const packets: string[] = []
  let rest = ''
  let waiting: (() => void) | null = null
  socket.on('data', (packet: Buffer) => {
    packets.push(packet.toString('latin1'))
    rest += packet.toString('latin1')
    waiting?.()
  })
  const upTo = async (mark: string): Promise<string> => {
    while (!rest.includes(mark)) await new Promise<void>((resolve) => (waiting = resolve))
    const end = rest.indexOf(mark)
    const found = rest.slice(0, end)
    rest = rest.slice(end + mark.length)
    return found
  }
  return {
    session,
    socket,
    packets,
    received: () => packets.join(''),
    hasMore: () => rest !== '',
    say: (...lines) => void socket.write(lines.map((line) => `${line}\r\n`).join('')),
    line: () => upTo('\r\n'),
    async content() {
      if (rest === '') await new Promise<void>((resolve) => (waiting = resolve))
      if (rest.startsWith('.\r\n')) {
        rest = rest.slice(3)
        return ''
      }
      return `${await upTo('\r\n.\r\n')}\r\n`
    },
  }
}

/** Greets, and answers EHLO with `offers`. */
export async function welcome(talk: Talk, offers: readonly string[] = ['PIPELINING']): Promise<void> {
  talk.say('220 here ESMTP')
  await talk.line()
  talk.say(...['here', ...offers].map((line, index) => `250${index < offers.length ? '-' : ' '}${line}`))
}

/** Takes MAIL, RCPT and DATA, and returns them. */
export async function takeEnvelope(talk: Talk): Promise<readonly string[]> {
  const mail = await talk.line()
  if (mail === 'RSET') {
    talk.say('250 2.0.0 reset')
    return takeEnvelope(talk)
  }
  talk.say('250 2.1.0 ok')
  const rcpt = await talk.line()
  talk.say('250 2.1.5 ok')
  const data = await talk.line()
  talk.say('354 go on')
  return [mail, rcpt, data]
}
