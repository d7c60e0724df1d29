import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A server on loopback that counts who came. */
export interface Loopback {
  readonly port: number
  readonly connections: () => number
  /** `METHOD /path` of each request. */
  readonly asked: readonly string[]
  readonly heard: readonly IncomingMessage['headers'][]
  close(): Promise<void>
}

export async function serveLoopback(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  where: { host?: string; port?: number } = {},
): Promise<Loopback> {
  let connections = 0
  const asked: string[] = []
  const heard: IncomingMessage['headers'][] = []
  const server: Server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    heard.push(request.headers)
    response.on('error', () => {})
    answer(request, response)
  })
  server.on('connection', () => connections++)
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject)
    server.listen(where.port ?? 0, where.host ?? '127.0.0.1', resolve)
  })
  return {
    port: portOf(server.address()),
    connections: () => connections,
    asked,
    heard,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Keeps the first bytes that reach it and hangs up. */
export async function serveBytes(): Promise<{
  port: number
  first: Promise<Buffer>
  close(): Promise<void>
}> {
  const { promise: first, resolve } = Promise.withResolvers<Buffer>()
  const server = createPlainServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', (bytes) => {
      resolve(Buffer.from(bytes))
      socket.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: portOf(server.address()),
    first,
    close: () => new Promise((closed) => server.close(() => closed())),
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening')
  return address.port
}
