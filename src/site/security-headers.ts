import type { MiddlewareHandler } from 'hono'

/**
 * Headers of every answer (OWASP ASVS 5.0, 3.4). A handler that needs another policy sets its own first.
 *
 * @param styleHash of the one `<style>` that the site's own pages carry
 */
export function securityHeaders(baseUrl: string, styleHash: string): MiddlewareHandler {
  const policy = `default-src 'none'; style-src '${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
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
