import type { MiddlewareHandler } from 'hono'
import type { SiteEnv } from '../env.ts'

/** Style and script from our own files alone; data in a page, such as JSON-LD, runs nowhere. */
const policy =
  "default-src 'none'; object-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Headers of every answer (OWASP ASVS 5.0, 3.4). A handler that needs another policy sets its own first. */
export function securityHeaders(baseUrl: string): MiddlewareHandler<SiteEnv> {
  const all: Readonly<Record<string, string>> = {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), browsing-topics=()',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    // Without `includeSubDomains`: other names under the domain are not ours to decide about.
    ...(baseUrl.startsWith('https://') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  }
  return async (c, next) => {
    c.set('securityHeaders', all)
    await next()
    if (c.get('whole') === c.res) return
    const { headers } = c.res
    for (const [name, value] of Object.entries(all))
      if (!mayDiffer.has(name) || !headers.has(name)) headers.set(name, value)
  }
}

/** Those that a handler may have set for its own page. */
const mayDiffer = new Set(['Content-Security-Policy', 'Referrer-Policy'])
