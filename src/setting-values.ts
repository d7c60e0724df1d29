import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { domainToASCII } from 'node:url'
import { isLoopback } from './smtp/loopback.ts'

export interface SmtpServer {
  readonly url: string
  readonly host: string
  readonly port: number
  /** Implicit TLS (`smtps://`). */
  readonly secure: boolean
  readonly auth: { readonly user: string; readonly pass: string } | null
}

/** A server without its credentials: `smtp://mail.example.org:587`. */
export function smtpLabel({ host, port, secure }: SmtpServer): string {
  return `${secure ? 'smtps' : 'smtp'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** A sending address that nobody knows yet starts with few messages a day. */
export interface WarmUp {
  /** ISO day of the first send. */
  readonly from: string
  /** Messages on that day; twice as many on each day after it. */
  readonly first: number
}

/* Readers of single settings: the value, or null where the text is none. */

export function httpUrl(text: string): string | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Whether readers elsewhere could not reach it anyway. */
export function isLocalUrl(url: string): boolean {
  return isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))
}

/** An address to listen on; a name could come to mean another machine. */
export function ipAddress(text: string): string | null {
  return isIP(text) === 0 ? null : text
}

export function smtpServer(text: string): SmtpServer | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '')
    return null
  const secure = url.protocol === 'smtps:'
  const user = decoded(url.username)
  const pass = decoded(url.password)
  if (user === null || pass === null) return null
  return {
    url: text,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    auth: user === '' ? null : { user, pass },
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

export interface SqliteFile {
  readonly kind: 'sqlite'
  /** Absolute. */
  readonly file: string
}

export function sqliteFile(text: string, root: string): SqliteFile | null {
  const match = /^sqlite:(.+)$/.exec(text)
  return match?.[1] === undefined ? null : { kind: 'sqlite', file: resolve(root, match[1]) }
}

export function oneOf<const T extends string>(values: readonly T[], text: string): T | null {
  return values.find((value) => value === text) ?? null
}

export function warmUp(text: string): WarmUp | null {
  const [, from = '', first = ''] = /^(\d{4}-\d{2}-\d{2}):(\d{1,7})$/.exec(text) ?? []
  const count = Number(first)
  return Number.isNaN(Date.parse(from)) || count < 1 ? null : { from, first: count }
}

/** In lower-case ASCII, as the DNS and mail headers have it (RFC 5890). */
export function domainName(text: string): string | null {
  const ascii = domainToASCII(text)
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  return ascii.length <= 253 && new RegExp(`^${label}(?:\\.${label})+$`).test(ascii) ? ascii : null
}

/** RFC 6376 §3.1: labels below `_domainkey`. */
export function selectorName(text: string): string | null {
  return /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/i.test(text) &&
    text.length <= 63
    ? text
    : null
}

export function wholeNumber(text: string, least: number, most: number): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value >= least && value <= most ? value : null
}

export function positive(text: string): number | null {
  const value = Number(text)
  return Number.isFinite(value) && value > 0 ? value : null
}
