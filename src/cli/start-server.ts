import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { messageOf, OnrecordError } from '../core/errors.ts'

export interface StartedServer {
  readonly port: number
  /** `http://127.0.0.1:4870`. */
  readonly url: string
  /** Stops listening and ends every connection, also those that stream. */
  close(): Promise<void>
}

/** Ports that are tried in a row where nobody asked for one in particular. */
export const PORT_ATTEMPTS = 20

/** An app that does not listen. */
export type Fetch = (request: Request, env?: unknown) => Response | Promise<Response>

/**
 * Listens with `fetch`.
 *
 * @param options.host default: loopback
 * @param options.port 0: a free one
 * @param options.attempts how many ports in a row to try, from `port` on, when one is taken; default 1
 * @throws OnrecordError `io` with the port that is taken
 */
export async function startServer(
  fetch: Fetch,
  options: { readonly host?: string; readonly port: number; readonly attempts?: number },
): Promise<StartedServer> {
  const { host = '127.0.0.1', port, attempts = 1 } = options
  const server = createAdaptorServer({ fetch })
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
  return {
    port: bound,
    url: `http://${named}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
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
