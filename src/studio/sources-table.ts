import { html } from 'hono/html'
import type { ListedSource, SourcesDocument } from '../issue/sources-document.ts'
import { formatDate } from '../render/date.ts'
import type { Markup } from './layout.ts'

/** The numbered sources as this tier sees them, and whether it may follow each. */
export function sourcesTable(document: SourcesDocument): Markup {
  if (document.sources.length === 0) return html`<p>This issue cites no source yet.</p>`
  return html`<table class="sources">
    <thead>
      <tr>
        <th scope="col">No.</th>
        <th scope="col">Source</th>
        <th scope="col">Link</th>
      </tr>
    </thead>
    <tbody>
      ${document.sources.map(
        (source) =>
          html`<tr>
            <td>${source.number ?? '–'}</td>
            <td>
              <strong>${source.publisher}</strong>, ${source.title}<br />
              <span class="facts"
                ><span>${formatDate(source.published, 'en')}</span> <span>${source.kind}</span>
                <code>@${source.id}</code></span
              >
            </td>
            <td>${link(source)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function link(source: ListedSource): Markup | string {
  const href = source.passageUrl ?? source.url
  if (href !== null && /^https?:/i.test(href)) {
    return html`<a href="${href}" target="_blank" rel="noopener noreferrer"
      >${source.passageUrl === null ? 'page' : 'passage'}</a
    >`
  }
  switch (source.locked) {
    case 'tier':
      return 'locked for this reader'
    case 'section':
      return 'cited in a locked section'
    case null:
      return 'has none'
  }
}
