import { SMTPServer } from 'smtp-server'
import type { AddressInfo } from 'node:net'

/** What the sink does with a recipient or a message: takes it, or refuses with a reply. */
export type Answer = { readonly code: number; readonly text: string } | null

export interface SinkOptions {
  onRecipient?(address: string): Answer
  onMessage?(address: string, raw: string): Answer | Promise<Answer>
}

/** An SMTP server that counts what it took by Message-ID. */
export interface Sink {
  readonly port: number
  /** Message-ID → how many copies. */
  readonly copies: ReadonlyMap<string, number>
  /** Recipients in the order in which they were accepted. */
  readonly recipients: readonly string[]
  /** The last message's bytes, by recipient. */
  readonly messages: ReadonlyMap<string, string>
  readonly connections: () => number
  close(): Promise<void>
}

export async function startSink(options: SinkOptions = {}, port = 0): Promise<Sink> {
  const copies = new Map<string, number>()
  const messages = new Map<string, string>()
  const recipients: string[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 200,
    onConnect(_session, done) {
      connections += 1
      done()
    },
    onRcptTo({ address }, _session, done) {
      done(refusal(options.onRecipient?.(address) ?? null))
    },
    async onData(stream, session, done) {
      const raw = await readAll(stream)
      // The sender was killed in the middle of the body: there is no message.
      if (raw === null) return done(new Error('cut off'))
      const to = session.envelope.rcptTo[0]?.address ?? ''
      const answer = (await options.onMessage?.(to, raw)) ?? null
      if (answer === null) {
        const id = /^Message-ID: (.*)$/im.exec(raw)?.[1] ?? 'none'
        copies.set(id, (copies.get(id) ?? 0) + 1)
        messages.set(to, raw)
        recipients.push(to)
      }
      done(refusal(answer))
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.server.address() as AddressInfo).port,
    copies,
    recipients,
    messages,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string | null> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer)
  } catch {
    return null
  }
  return Buffer.concat(chunks).toString('latin1')
}

function refusal(answer: Answer): Error | null {
  return answer === null ? null : Object.assign(new Error(answer.text), { responseCode: answer.code })
}
