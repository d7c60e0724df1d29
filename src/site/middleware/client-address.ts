import type { MiddlewareHandler } from 'hono'
import type { IncomingMessage } from 'node:http'
import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { SiteDeps } from '../deps.ts'
import type { SiteEnv } from '../env.ts'

/**
 * Sets `address`: the peer's, or the entry of X-Forwarded-For that the outermost of the trusted proxies wrote.
 * What stands before that entry anybody could have made up. Where that proxy says that the reader came over
 * http to a site of https, the reader is sent there, and nothing that was sent is used.
 */
export function clientAddress({
  trustProxy: hops,
  baseUrl,
}: Pick<SiteDeps, 'trustProxy' | 'baseUrl'>): MiddlewareHandler<SiteEnv> {
  const secure = baseUrl.startsWith('https://')
  return async (c, next) => {
    const peer = peerOf(c.env)
    c.set('address', ipAddress(outermost(c.req.header('X-Forwarded-For'), hops)) ?? peer)
    if (secure && outermost(c.req.header('X-Forwarded-Proto'), hops)?.toLowerCase() === 'http') {
      if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
        return c.text('This form was sent without https, and nothing was done.\n', 400)
      const { pathname, search } = new URL(c.req.url)
      return c.redirect(baseUrl + pathname + search, 308)
    }
    return next()
  }
}

/** Whether a program on this machine asks for itself: no proxy has passed it on, and it names this machine. */
export function isFromHere(env: unknown, header: (name: string) => string | undefined): boolean {
  const passedOn = ['X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Forwarded', 'Via']
  if (passedOn.some((name) => header(name) !== undefined)) return false
  const host = header('Host')
  if (host !== undefined && !/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(host)) return false
  return ipaddr.parse(peerOf(env)).range() === 'loopback'
}

/** What @hono/node-server passes along; a test that asks the app itself has none. */
function peerOf(env: unknown): string {
  const server = env as { readonly incoming?: IncomingMessage } | undefined
  return ipAddress(server?.incoming?.socket.remoteAddress) ?? '127.0.0.1'
}

/** The entry that the proxy farthest out of `hops` wrote; the first where fewer have written. */
function outermost(header: string | undefined, hops: number): string | undefined {
  if (hops === 0 || header === undefined) return undefined
  const entries = header.split(',').map((entry) => entry.trim())
  return entries.at(-hops) ?? entries[0]
}

/** As text of one form: IPv4 for an IPv4 address in an IPv6 one; a port after it, which some proxies add, is left out. */
function ipAddress(text: string | undefined): string | null {
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(text ?? '')?.[1] ?? /^([\d.]+):\d+$/.exec(text ?? '')?.[1] ?? text
  if (bare !== undefined && isIPv4(bare)) return bare
  if (bare === undefined || !ipaddr.IPv6.isValid(bare)) return null
  return ipaddr.process(bare).toString()
}
