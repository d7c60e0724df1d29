import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { readBounded, TooLarge, undoCodings } from './content-coding.ts'
import type { Destination } from './guard.ts'

/** One answer of a server. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  /** As received, in order: name, value, name, value. */
  readonly rawHeaders: readonly string[]
  /** Lower-case names; the first of several. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes as sent, still compressed. */
  readonly encodedBody: Buffer
  readonly body: Buffer
}

export type AnswerFailure =
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'too-large'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string }

export interface RequestLimits {
  /** Of the body, both as sent and decompressed. */
  readonly bytes: number
  readonly milliseconds: number
}

/**
 * Asks `destination` once, at the addresses that were checked and no other: no name is resolved here,
 * no proxy or connection pool comes between, no redirect is followed.
 */
export async function askOnce(
  destination: Destination,
  method: 'GET' | 'HEAD',
  headers: Readonly<Record<string, string>>,
  limits: RequestLimits,
  signal: AbortSignal,
): Promise<{ readonly kind: 'answer'; readonly answer: Answer } | AnswerFailure> {
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(limits.milliseconds)))
  const stop = AbortSignal.any([signal, timeout])
  let request: ClientRequest | null = null
  try {
    request = startRequest(destination, method, headers, stop)
    const response = await responseOf(request)
    const encoded = method === 'HEAD' ? Buffer.alloc(0) : await readBounded(response, limits.bytes, stop)
    const body = await undoCodings(encoded, response.headers['content-encoding'] ?? '', limits.bytes)
    return { kind: 'answer', answer: answerOf(response, encoded, body) }
  } catch (error) {
    signal.throwIfAborted()
    if (timeout.aborted) return { kind: 'timeout', message: 'The server took too long to answer.' }
    if (error instanceof TooLarge) return { kind: 'too-large', message: error.message }
    return {
      kind: 'unreachable',
      message: `The server gave no answer that can be read (${reasonOf(error)}).`,
    }
  } finally {
    request?.destroy()
  }
}

function startRequest(
  destination: Destination,
  method: 'GET' | 'HEAD',
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): ClientRequest {
  const { url, addresses, port, host } = destination
  const options: RequestOptions & { autoSelectFamily: true } = {
    host,
    port,
    // Stands for the name server: Node dials what was checked, one after the other (RFC 8305). A
    // literal is dialled as it is; it is the address that was checked.
    lookup: (_host, _options, found) => {
      found(
        null,
        addresses.map((address) => ({ address, family: isIP(address) })),
      )
    },
    autoSelectFamily: true,
    method,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.port === '' ? bracketed(host) : `${bracketed(host)}:${url.port}`, ...headers },
    agent: false,
    signal,
    maxHeaderSize: 32 * 1024,
  }
  // SNI and the certificate go by the name; RFC 6066 §3 has no SNI for a literal.
  const request =
    url.protocol === 'https:'
      ? httpsRequest({ ...options, servername: isIP(host) === 0 ? host : '' })
      : httpRequest(options)
  request.end()
  return request
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('response', (response) => {
      response.on('error', reject)
      resolve(response)
    })
  })
}

function answerOf(response: IncomingMessage, encodedBody: Buffer, body: Buffer): Answer {
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < response.rawHeaders.length; at += 2) {
    const name = (response.rawHeaders[at] ?? '').toLowerCase()
    headers[name] ??= response.rawHeaders[at + 1] ?? ''
  }
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    rawHeaders: response.rawHeaders,
    headers,
    encodedBody,
    body,
  }
}

function reasonOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  if (typeof code === 'string') return code
  return error instanceof Error ? error.message : 'unknown'
}
