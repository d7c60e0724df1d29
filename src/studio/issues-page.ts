import { html } from 'hono/html'
import { tiers } from '../core/tier.ts'
import { formatDate } from '../render/date.ts'
import { findingsList, summariseFindings, countFindings } from './findings-list.ts'
import { layout, type Markup } from './layout.ts'
import type { ShelvedIssue } from './library.ts'
import type { Shelf } from './preview.ts'
import { kilobytes, sizeState } from './sizes.ts'

const noTiers = { public: 'Public', subscriber: 'Subscriber', member: 'Member' } as const

/** Every issue with its state, sizes and findings; what is wrong with onrecord.yaml above all. */
export function issuesPage(shelf: Shelf, issues: readonly ShelvedIssue[]): Markup {
  const labels = shelf.publication?.tiers ?? noTiers
  const main = html`<div class="page">
    <h1>Issues</h1>
    ${settingsTrouble(shelf)}
    ${
      issues.length === 0
        ? html`<p class="empty">
            There is no issue under <code>briefs/</code> yet.
            <code>onrecord new issue "Its title"</code> writes a draft.
          </p>`
        : html`<ul class="issues">
            ${issues.map(
              (issue) =>
                html`<li>
                  <a class="card" href="/issue/${encodeURIComponent(issue.id)}">${card(issue, labels)}</a>
                </li>`,
            )}
          </ul>`
    }
  </div>`
  const publication = shelf.publication?.name ?? 'Onrecord'
  const unfinished = issues.some(({ latest, fault }) => latest === null && fault === null)
  return layout({ title: 'Issues', publication, section: 'issues', follows: 'list issue', unfinished }, main)
}

/** What is wrong with onrecord.yaml, or nothing. */
export function settingsTrouble(shelf: Shelf): Markup | string {
  if (shelf.findings.length === 0) return ''
  return html`<section class="trouble" aria-labelledby="settings-trouble">
    <h2 id="settings-trouble">onrecord.yaml needs mending</h2>
    <p>The previews keep the settings that worked last.</p>
    ${findingsList(shelf.findings)}
  </section>`
}

function card(issue: ShelvedIssue, labels: Readonly<Record<(typeof tiers)[number], string>>): Markup {
  const { latest, shown, fault } = issue
  if (latest === null) {
    return html`<span class="subject">${issue.id}</span>
      <span class="facts">${fault ?? 'is being built …'}</span>`
  }
  const meta = latest.meta ?? shown?.meta ?? null
  const { error, warning } = countFindings(latest.findings)
  const tone = error > 0 ? 'error' : warning > 0 ? 'warning' : 'calm'
  return html`<span class="subject">${meta?.subject ?? issue.id}</span>
    <span class="facts">
      <span>${issue.id}</span>
      ${meta === null ? '' : html`<span>${meta.newsletter}</span> <span>${formatDate(meta.date, 'en')}</span> ${statusMark(meta.status)}`}
      <span class="tone ${tone}">${fault ?? summariseFindings(latest.findings)}</span>
    </span>
    <span class="facts sizes">
      ${
        shown?.editions === null || shown?.editions === undefined
          ? html`<span>nothing to show until the errors are mended</span>`
          : tiers.map((tier) => {
              const bytes = shown.editions?.[tier].bytes.html ?? 0
              return html`<span class="${sizeState(bytes)}">${labels[tier]} ${kilobytes(bytes)}</span>`
            })
      }
    </span>`
}

export function statusMark(status: 'draft' | 'review' | 'approved'): Markup {
  const words = { draft: 'Draft', review: 'In review', approved: 'Approved' } as const
  return html`<span class="status ${status}">${words[status]}</span>`
}
