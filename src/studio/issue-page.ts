import { html } from 'hono/html'
import { sizeBudget } from '../email/size.ts'
import { tiers } from '../core/tier.ts'
import { formatDate } from '../render/date.ts'
import { findingsList, summariseFindings } from './findings-list.ts'
import { settingsTrouble, statusMark } from './issues-page.ts'
import { choice, layout, type Markup } from './layout.ts'
import type { ShelvedIssue } from './library.ts'
import type { Preview, PreviewEdition, Shelf } from './preview.ts'
import { kilobytes, sizeState } from './sizes.ts'
import { sourcesTable } from './sources-table.ts'
import { frameHref, issueHref, parts, type Part, type View } from './view.ts'

const partNames = {
  mail: 'Mail',
  text: 'Text',
  web: 'Web page',
  sources: 'Sources',
  headers: 'Headers',
  mjml: 'MJML',
} as const satisfies Record<Part, string>

/** One issue as a reader of the chosen tier gets it, with its findings beside it. */
export function issuePage(shelf: Shelf, issue: ShelvedIssue, view: View): Markup {
  const { latest, shown, fault } = issue
  const meta = latest?.meta ?? shown?.meta ?? null
  const edition = shown?.editions?.[view.tier] ?? null
  const main = html`<div class="page wide">
    <div class="head" data-live="head">
      <p class="facts">
        <a href="/">Issues</a> <span>${issue.id}</span>
        ${
          meta === null
            ? ''
            : html`<span>${meta.newsletter}</span>
                <span>${formatDate(meta.date, 'en')}</span> ${statusMark(meta.status)}`
        }
      </p>
      <h1>${meta?.subject ?? issue.id}</h1>
      ${settingsTrouble(shelf)} ${staleNote(latest, shown, fault)}
    </div>
    <div class="work">
      <div class="left">
        <div data-live="bar">${toolbar(shelf, issue, view)}</div>
        ${
          edition === null
            ? html`<div class="stage empty" data-live="stage">
                <p>There is nothing to show yet: the errors listed on this page come first.</p>
              </div>`
            : stage(issue, edition, view)
        }
      </div>
      <aside class="right" data-live="aside" aria-label="About this issue">
        ${edition === null ? '' : about(edition)}
        <section aria-labelledby="findings">
          <h2 id="findings">Findings</h2>
          ${
            latest === null || latest.findings.length === 0
              ? html`<p class="calm-note">The desk has nothing to say.</p>`
              : html`<p class="facts">${summariseFindings(latest.findings)}</p>
                  ${findingsList(latest.findings)}`
          }
        </section>
      </aside>
    </div>
  </div>`
  const publication = shelf.publication?.name ?? 'Onrecord'
  const title = meta?.subject ?? issue.id
  return layout({ title, publication, section: 'issues', follows: `issue:${issue.id} list` }, main)
}

function staleNote(latest: Preview | null, shown: Preview | null, fault: string | null): Markup | string {
  if (fault !== null) return html`<p class="stale">The newest version could not be built. ${fault}</p>`
  if (latest === null || latest.editions !== null) return ''
  return shown === null
    ? html`<p class="stale">This issue has errors; mend them and it appears here.</p>`
    : html`<p class="stale">
        <strong>Stale: the newest version has errors.</strong> What you see is the last version that had none.
      </p>`
}

function toolbar(shelf: Shelf, issue: ShelvedIssue, view: View): Markup {
  const labels = shelf.publication?.tiers ?? { public: 'Public', subscriber: 'Subscriber', member: 'Member' }
  const to = (change: Partial<View>): string => issueHref(issue.id, { ...view, ...change })
  const framed = view.part === 'mail' || view.part === 'web'
  return html`<div class="toolbar">
      ${choice(
        'Reader',
        tiers.map((tier) => ({ value: tier, text: labels[tier], href: to({ tier }) })),
        view.tier,
      )}
      ${
        framed
          ? html`${choice(
              'Width',
              [
                { value: 'phone', text: 'Phone', href: to({ width: 'phone' }) },
                { value: 'desktop', text: 'Desktop', href: to({ width: 'desktop' }) },
              ],
              view.width,
            )}
            ${choice(
              'Colours',
              [
                { value: 'light', text: 'Light', href: to({ scheme: 'light' }) },
                { value: 'dark', text: 'Dark', href: to({ scheme: 'dark' }) },
              ],
              view.scheme,
            )}`
          : ''
      }
    </div>
    <nav class="tabs" aria-label="Parts">
      ${parts.map(
        (part) =>
          html`<a href="${to({ part })}" ${view.part === part ? html`aria-current="page"` : ''}
            >${partNames[part]}</a
          >`,
      )}
    </nav>`
}

function stage(issue: ShelvedIssue, edition: PreviewEdition, view: View): Markup {
  switch (view.part) {
    case 'mail':
    case 'web': {
      const src = frameHref(issue.id, view, issue.version)
      return html`<div
        class="stage framed ${view.width}"
        data-live="frame"
        role="region"
        tabindex="0"
        aria-label="Preview"
      >
        <iframe src="${src}" title="${partNames[view.part]} for ${edition.tier}"></iframe>
      </div>`
    }
    case 'text':
      return paper(html`<pre class="text-part">${edition.text}</pre>`)
    case 'mjml':
      return paper(html`<pre>${edition.mjml}</pre>`)
    case 'headers':
      return paper(
        html`<dl class="headers">
          ${edition.headers.map(
            ({ name, value }) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>`,
      )
    case 'sources':
      return paper(sourcesTable(edition.sources))
  }
}

/** A stage that scrolls by itself, so that the keyboard must reach it. */
export function paper(content: Markup): Markup {
  return html`<div class="stage paper" data-live="stage" tabindex="0" role="region" aria-label="Content">
    ${content}
  </div>`
}

function about(edition: PreviewEdition): Markup {
  const { bytes, sources } = edition
  const { total, linked, unlockedBySubscribing } = sources.count
  return html`<section aria-labelledby="in-the-inbox">
      <h2 id="in-the-inbox">In the inbox</h2>
      <div class="inbox">
        <p class="from">${edition.from}</p>
        <p class="subject">${edition.subject}</p>
        <p class="preheader">${edition.preheader}</p>
      </div>
    </section>
    <section aria-labelledby="measures">
      <h2 id="measures">Measures</h2>
      <dl class="measures">
        <dt>HTML</dt>
        <dd class="${sizeState(bytes.html)}">
          ${kilobytes(bytes.html)} of ${kilobytes(sizeBudget.warn)}
          <meter
            aria-label="Size of the HTML"
            min="0"
            max="${sizeBudget.refuse}"
            high="${sizeBudget.warn}"
            optimum="0"
            value="${bytes.html}"
          ></meter>
        </dd>
        <dt>Message</dt>
        <dd>${kilobytes(bytes.message)}</dd>
        <dt>Sources</dt>
        <dd>
          ${total}, ${linked} with a
          link${unlockedBySubscribing > 0 ? html`; ${unlockedBySubscribing} unlock by subscribing` : ''}
        </dd>
      </dl>
    </section>`
}
