import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { openKeeper, type Keeper } from './keep.ts'

export interface OutboxOptions {
  /** Where the messages are kept, one file each. */
  readonly dir: string
  /** Default: loopback. There is no password: never listen where others reach it. */
  readonly host?: string
  /** 0: a free port. */
  readonly port?: number
}

export interface Outbox {
  readonly port: number
  /** Stops listening; what has been received whole is kept before it resolves. */
  close(): Promise<void>
}

/** RFC 1870: announced as SIZE, and refused with 552 beyond it. */
const LARGEST_MESSAGE = 25 * 1024 * 1024

/** RFC 5321 §4.5.3.2.7: a server waits five minutes for the next command. */
const IDLE_MS = 5 * 60 * 1000

/**
 * Starts the built-in mailbox: an SMTP server that delivers nothing. Each message it takes is one file
 * `<dir>/<sequence>-<message id>.eml` with exactly the bytes received, on the disk before the 250.
 *
 * @throws OnrecordError `io` when it cannot listen or write
 */
export async function startOutbox(options: OutboxOptions): Promise<Outbox> {
  const { dir, host = '127.0.0.1', port = 0 } = options
  const keeper = await openKeeper(dir).catch((error: unknown) => {
    throw new OnrecordError('io', `The outbox cannot write to ${dir}: ${messageOf(error)}`, { cause: error })
  })
  const server = new SMTPServer({
    name: 'localhost',
    banner: 'Onrecord outbox: a rehearsal, nothing is delivered',
    size: LARGEST_MESSAGE,
    rejectOversized: true,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxAllowedUnauthenticatedCommands: false,
    hideENHANCEDSTATUSCODES: false,
    maxClients: 200,
    socketTimeout: IDLE_MS,
    closeTimeout: 300,
    onData(stream, _session, callback) {
      receive(keeper, stream).then(
        (name) => callback(null, `kept as ${name}`),
        (error: unknown) => callback(refusal(error)),
      )
    },
  })
  // A client that breaks off is its own trouble: what it sent is not kept, and it got no 250.
  server.on('error', () => undefined)
  try {
    await listening(server, port, host)
  } catch (error) {
    await keeper.close()
    throw new OnrecordError('io', `The outbox cannot listen on ${host}:${port}: ${messageOf(error)}`, {
      cause: error,
    })
  }
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      await new Promise<void>((resolve) => server.close(resolve))
      await keeper.close()
    },
  }
}

async function receive(keeper: Keeper, stream: SMTPServerDataStream): Promise<string> {
  return keeper.keep(withinLimit(stream))
}

/** Passes the bytes on; when the limit is passed it reads to the end, as SMTP asks, and fails. */
async function* withinLimit(stream: SMTPServerDataStream): AsyncIterable<Uint8Array> {
  for await (const chunk of stream) if (!stream.sizeExceeded) yield chunk as Uint8Array
  if (stream.sizeExceeded) throw new Error('message too large')
}

/** RFC 5321 §4.2.2: 452 for a full disk, 451 for any other local trouble; both may be tried again. */
function refusal(error: unknown): Error {
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
  return Object.assign(new Error(full ? 'The disk of the outbox is full' : 'The outbox cannot write'), {
    responseCode: full ? 452 : 451,
  })
}

function listening(server: SMTPServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
