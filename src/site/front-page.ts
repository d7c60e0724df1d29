import { html } from 'hono/html'
import type { Publication } from '../core/publication.ts'
import { formatDate } from '../render/date.ts'
import type { Markup, PageWriter } from './page.ts'
import type { PublishedHead } from '../delivery/editions.ts'

/** The list of published issues, newest first. */
export function frontPage(
  page: PageWriter,
  publication: Publication,
  issues: readonly PublishedHead[],
): Markup {
  const tagline = publication.theme.tagline
  return page.write(
    publication.name,
    html`${tagline === undefined ? '' : html`<p>${tagline}</p>`}
      ${issues.length === 0 ? html`<p class="soft">Nothing is published yet.</p>` : ''}
      <ul class="issues">
        ${issues.map(
          (issue) =>
            html`<li>
              <time datetime="${issue.date}">${formatDate(issue.date, publication.lang)}</time><br />
              <a href="/issues/${encodeURIComponent(issue.issue)}">${issue.subject}</a>
            </li>`,
        )}
      </ul>`,
  )
}
