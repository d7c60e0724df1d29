import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import { messageOf, OnrecordError } from '../core/errors.ts'

export interface StartedServer {
  readonly port: number
  /** `http://127.0.0.1:4870`. */
  readonly url: string
  /** Stops listening and ends every connection, also those that stream. */
  close(): Promise<void>
  /** Stops listening, lets answers that are on their way finish for at most `ms`, and ends the rest. */
  drain(ms: number): Promise<void>
}

/** What one client may take of a server; times in milliseconds. */
export interface ServerLimits {
  /** Until all headers are there. */
  readonly headersMs: number
  /** Until the whole request is there. */
  readonly requestMs: number
  /** A connection on which nothing moves for so long is ended: one that does not read its answer, too. */
  readonly idleMs: number
  /** Header lines of a request. */
  readonly headers: number
  /** Octets of its first line and headers. */
  readonly headerBytes: number
  /** At a time; more are closed when they are made. */
  readonly connections: number
}

/** For a server that strangers reach. */
export const publicLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  headers: 100,
  headerBytes: 16_384,
  connections: 2_000,
}

/** Ports that are tried in a row where nobody asked for one in particular. */
export const PORT_ATTEMPTS = 20

/** How often requests that take too long are looked for, in milliseconds. */
const CHECK_MS = 500

/** An app that does not listen. */
export type Fetch = (request: Request, env?: unknown) => Response | Promise<Response>

/**
 * Listens with `fetch`.
 *
 * @param options.host default: loopback
 * @param options.port 0: a free one
 * @param options.attempts how many ports in a row to try, from `port` on, when one is taken; default 1
 * @param options.limits default: those of Node, for a server that this machine alone reaches
 * @throws OnrecordError `io` with the port that is taken
 */
export async function startServer(
  fetch: Fetch,
  options: {
    readonly host?: string
    readonly port: number
    readonly attempts?: number
    readonly limits?: ServerLimits
  },
): Promise<StartedServer> {
  const { host = '127.0.0.1', port, attempts = 1, limits } = options
  const server = createServer(fetch, limits)
  const listen = (at: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(at, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  for (let tried = 0; ; tried++) {
    try {
      await listen(port + tried)
      break
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (taken && tried + 1 < attempts && port !== 0 && port + tried < 65_535) continue
      throw refused(error, taken, host, port)
    }
  }
  const bound = (server.address() as AddressInfo).port
  const named = host.includes(':') ? `[${host}]` : host
  let closed: Promise<void> | null = null
  const stop = (): Promise<void> => (closed ??= new Promise((resolve) => server.close(() => resolve())))
  return {
    port: bound,
    url: `http://${named}:${bound}`,
    close() {
      const end = stop()
      server.closeAllConnections()
      return end
    },
    async drain(ms) {
      const end = stop()
      const deadline = performance.now() + ms
      // One that is kept alive turns idle when its answer has gone out.
      for (let done = false; !done && performance.now() < deadline;) {
        server.closeIdleConnections()
        done = await Promise.race([end.then(() => true), sleep(50, false)])
      }
      server.closeAllConnections()
      await end
    },
  }
}

/** HTTP/1.1; a web server in front speaks the later versions. */
function createServer(fetch: Fetch, limits: ServerLimits | undefined): Server {
  if (limits === undefined) return createAdaptorServer({ fetch }) as Server
  const limited: Fetch = (request, env) => {
    const { rawHeaders } = (env as { readonly incoming: IncomingMessage }).incoming
    if (rawHeaders.length > 2 * limits.headers) return new Response('Too many headers.\n', { status: 431 })
    return fetch(request, env)
  }
  const server = createAdaptorServer({
    fetch: limited,
    serverOptions: {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: CHECK_MS,
      maxHeaderSize: limits.headerBytes,
    },
  }) as Server
  server.maxConnections = limits.connections
  server.setTimeout(limits.idleMs)
  return server
}

function refused(error: unknown, taken: boolean, host: string, port: number): OnrecordError {
  return taken
    ? new OnrecordError('io', `Port ${port} is taken by another program.`, {
        hint: '“--port <n>” takes another, “--port 0” any free one',
        cause: error,
      })
    : new OnrecordError('io', `Nothing can listen on ${host}:${port}: ${messageOf(error)}`, { cause: error })
}

/** Resolves when the process is asked to end. */
export function untilInterrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
