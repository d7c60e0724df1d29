import type { MiddlewareHandler } from 'hono'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { SiteEnv } from '../env.ts'

/**
 * Sets `address`: the peer's, or the entry of X-Forwarded-For that the outermost of `hops` trusted proxies
 * wrote. What stands before that entry anybody could have made up.
 */
export function clientAddress(hops: number): MiddlewareHandler<SiteEnv> {
  return async (c, next) => {
    // What @hono/node-server passes along; a test that asks the app itself has none.
    const server = c.env as { readonly incoming?: IncomingMessage } | undefined
    const peer = server?.incoming?.socket.remoteAddress ?? '127.0.0.1'
    const named = (c.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => entry.trim())
    const entry = hops === 0 ? peer : (named.at(-hops) ?? named[0] ?? peer)
    c.set('address', isIP(entry) === 0 ? peer : entry)
    await next()
  }
}
