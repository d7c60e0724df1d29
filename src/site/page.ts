import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Publication } from '../core/publication.ts'

/** HTML made by hono's `html`, where every value is escaped. */
export type Markup = ReturnType<typeof html>

/** Writes the site's own small pages in the publication's colours. */
export interface PageWriter {
  /** `sha256-…` of the pages' one `<style>`. */
  readonly styleHash: string
  /** @param body text becomes a paragraph */
  write(title: string, body: Markup | string): Markup
}

export function pageWriter(publication: Publication): PageWriter {
  const css = styleOf(publication)
  // In one piece: a space more between the tags would be another hash.
  const style = raw(`<style>${css}</style>`)
  const { name, lang } = publication
  return {
    styleHash: `sha256-${createHash('sha256').update(css, 'utf8').digest('base64')}`,
    write: (title, body) =>
      html`<!doctype html>
        <html lang="${lang}">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>${title === name ? name : `${title} · ${name}`}</title>
            ${style}
          </head>
          <body>
            ${title === name ? '' : html`<header><a href="/">${name}</a></header>`}
            <main>
              <h1>${title}</h1>
              ${typeof body === 'string' ? html`<p>${body}</p>` : body}
            </main>
            <footer><p>${publication.postalAddress}</p></footer>
          </body>
        </html>`,
  }
}

function styleOf(publication: Publication): string {
  const { accent, accentDark, font } = publication.theme
  const stack =
    font === 'serif'
      ? 'Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, serif'
      : 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif'
  return `:root{--accent:${accent};--ink:#1c1b19;--soft:#5d5a55;--paper:#fdfcfa;--rule:#dedad3}
@media (prefers-color-scheme:dark){:root{--accent:${accentDark ?? '#e8a59a'};--ink:#ebe8e2;--soft:#aaa59c;--paper:#171614;--rule:#3a3733}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:18px/1.55 ${stack}}
header,main,footer{width:min(100% - 2.5rem,38rem);margin:0 auto}
header{padding-top:1.75rem;padding-bottom:1rem;border-bottom:1px solid var(--rule);font-size:1.25rem;font-weight:700}
header a{color:inherit;text-decoration:none}
main{padding-top:1.5rem;padding-bottom:3rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 1rem;text-wrap:balance}
a{color:var(--accent);text-underline-offset:.15em}
ul.issues{list-style:none;margin:0;padding:0}
ul.issues li{padding:1rem 0;border-top:1px solid var(--rule)}
ul.issues a{font-size:1.2rem;font-weight:700;line-height:1.3}
ul.issues p{margin:.3rem 0 0}
time,.soft,footer{color:var(--soft);font-size:.9rem}
footer{padding-bottom:2rem}
button{font:inherit;font-weight:700;color:#fff;background:${accent};border:0;border-radius:4px;padding:.7rem 1.4rem;min-height:2.75rem;cursor:pointer}
button:focus-visible,a:focus-visible{outline:3px solid var(--accent);outline-offset:3px}`
}
