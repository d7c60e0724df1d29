import { html } from 'hono/html'

/** HTML made by hono's `html`, where every value is escaped. */
export type Markup = ReturnType<typeof html>

export interface LayoutOptions {
  readonly title: string
  readonly publication: string
  readonly section: 'issues' | 'outbox'
  /** What this page shows, in the words of `events.ts`; the script reloads for these alone. */
  readonly follows: string
  /** Whether what it shows is still being built: without scripts it then loads itself again. */
  readonly unfinished?: boolean
}

/** Seconds after which a page without scripts looks again. */
const LOOK_AGAIN = 2

/** A page of the studio. Its script keeps `<main>` up to date; without it the page is whole but still. */
export function layout(options: LayoutOptions, main: Markup): Markup {
  const { title, publication, section, follows, unfinished = false } = options
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${publication}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/studio.css" />
        <link rel="stylesheet" href="/assets/issue.css" />
        <script src="/assets/studio.js" defer></script>
        ${unfinished ? html`<noscript><meta http-equiv="refresh" content="${LOOK_AGAIN}" /></noscript>` : ''}
      </head>
      <body data-follows="${follows}">
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/">${publication}</a>
          <nav aria-label="Studio">
            <a href="/" ${current(section === 'issues')}>Issues</a>
            <a href="/outbox" ${current(section === 'outbox')}>Outbox</a>
          </nav>
          <p class="live" role="status" hidden></p>
        </header>
        <main id="main" tabindex="-1">${main}</main>
      </body>
    </html>`
}

/** The attribute of a link to where one is. */
export function current(is: boolean): Markup | string {
  return is ? html`aria-current="page"` : ''
}

/** One choice among a few: links, so that every view has an address. */
export function choice<T extends string>(
  label: string,
  options: readonly { readonly value: T; readonly text: string; readonly href: string }[],
  chosen: T,
): Markup {
  return html`<div class="choice" role="group" aria-label="${label}">
    ${options.map(
      ({ value, text, href }) =>
        html`<a href="${href}" ${chosen === value ? html`aria-current="true"` : ''}>${text}</a>`,
    )}
  </div>`
}
