import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { html } from 'hono/html'
import { messageOf } from '../core/errors.ts'
import type { Assets } from './assets.ts'

/**
 * The policy of our own page. Scripts are files of ours; styles are files of ours, and those that the editor makes
 * with this page's nonce. Nothing is loaded from elsewhere, and no frame but ours is shown.
 */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** The addresses of the app's screens; `shell/routes.ts` of the browser side knows the same. */
const screens =
  /^\/(?:people(?:\/[^/]+)?|outbox(?:\/[^/]+)?|issue\/[^/]+(?:\/(?:draft|check|preview|compare|approve|send))?)?$/

/** The one page of the app, whichever screen it opens with. @param changes how many there were: it hears of later ones */
export async function answerPage(
  c: Context,
  assets: Assets,
  token: string,
  changes: number,
): Promise<Response> {
  const nonce = randomBytes(16).toString('base64')
  const headers = { 'Content-Security-Policy': pagePolicy(nonce), 'X-Frame-Options': 'DENY' }
  const entry = await assets.entry().catch((error: unknown) => messageOf(error))
  if (typeof entry === 'string') return c.text(`${entry} Run: npm run build\n`, 500, headers)
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="onrecord-token" content="${token}" />
        <meta name="onrecord-changes" content="${changes}" />
        <meta property="csp-nonce" nonce="${nonce}" />
        <title>Onrecord</title>
        <link rel="icon" href="data:," />
        ${entry.styles.map((each) => html`<link rel="stylesheet" href="/assets/${each}" />`)}
        <script type="module" src="/assets/${entry.script}"></script>
      </head>
      <body>
        <noscript>The studio is an app: it needs JavaScript, which comes from this machine alone.</noscript>
        <div id="app"></div>
      </body>
    </html>`
  return c.html(page, screens.test(c.req.path) ? 200 : 404, headers)
}
