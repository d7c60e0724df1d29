import type { MiddlewareHandler } from 'hono'

/** Style and script from our own files alone; data in a page, such as JSON-LD, runs nowhere. */
const policy =
  "default-src 'none'; object-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Headers of every answer (OWASP ASVS 5.0, 3.4). A handler that needs another policy sets its own first. */
export function securityHeaders(baseUrl: string): MiddlewareHandler {
  return async (c, next) => {
    await next()
    const { headers } = c.res
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', policy)
    headers.set('X-Content-Type-Options', 'nosniff')
    headers.set('X-Frame-Options', 'DENY')
    headers.set('Cross-Origin-Opener-Policy', 'same-origin')
    headers.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), browsing-topics=()')
    if (!headers.has('Referrer-Policy')) headers.set('Referrer-Policy', 'strict-origin-when-cross-origin')
    // Without `includeSubDomains`: other names under the domain are not ours to decide about.
    if (baseUrl.startsWith('https://')) headers.set('Strict-Transport-Security', 'max-age=31536000')
  }
}
