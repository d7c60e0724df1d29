import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { LogFields } from '../core/log.ts'

/**
 * What an operator is told of a fault: the route as it is declared, what kind of error it was, and where in our code.
 * Neither its message nor the request's own words, in which a person may stand.
 */
export function whatFailed(c: Context, error: Error): LogFields {
  const route = matchedRoutes(c).find(({ path }) => !path.endsWith('*'))?.path ?? 'no route of ours'
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const at = /^ +at (?!.*node_modules).*?((?:src|dist)\/[\w./-]+:\d+)/m.exec(error.stack ?? '')?.[1]
  return {
    ...{ request: `${c.req.method} ${route}`, name: error.name, ...code },
    ...(at === undefined ? {} : { at }),
  }
}
