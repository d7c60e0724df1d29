import { html } from 'hono/html'
import type { KeptMessage, Mailbox, MessageSummary } from '../outbox/messages.ts'
import { paper } from './issue-page.ts'
import { choice, layout, type Markup } from './layout.ts'
import { kilobytes } from './sizes.ts'

/** Messages on one page of the mailbox. */
export const pageSize = 50

export const messageParts = ['html', 'text', 'headers', 'source'] as const
export type MessagePart = (typeof messageParts)[number]

/** What the pages of the outbox take from the publication. */
export interface OutboxPublication {
  readonly name: string
  /** IANA name of the zone in which times are shown. */
  readonly timeZone: string
}

/** The mailbox, newest first. */
export function mailboxPage({ name, timeZone }: OutboxPublication, mailbox: Mailbox, page: number): Markup {
  const { total, messages } = mailbox
  const pages = Math.max(1, Math.ceil(total / pageSize))
  const main = html`<div class="page">
    <h1>Outbox</h1>
    <p class="lead" data-live="total">${lead(mailbox)}</p>
    <ul class="mailbox" data-live="mailbox">
      ${messages.map((message) => mailboxLine(message, timeZone))}
    </ul>
    ${
      pages === 1
        ? ''
        : html`<nav class="pages" aria-label="Pages" data-live="pages">
            ${page > 1 ? html`<a href="/outbox?page=${page - 1}" rel="prev">Newer</a>` : html`<span></span>`}
            <span>Page ${page} of ${pages}</span>
            ${page < pages ? html`<a href="/outbox?page=${page + 1}" rel="next">Older</a>` : html`<span></span>`}
          </nav>`
    }
  </div>`
  return layout({ title: 'Outbox', publication: name, section: 'outbox', follows: 'outbox' }, main)
}

function lead({ total, repeated }: Mailbox): string {
  if (total === 0)
    return 'No mail yet. Without an SMTP server, whatever is sent lands here: a rehearsal, delivered to nobody.'
  const count = (n: number, one: string, many: string): string =>
    `${n.toLocaleString('en')} ${n === 1 ? one : many}`
  const twice =
    repeated === 0 ? 'none of them twice' : `${count(repeated, 'message', 'messages')} more than once`
  return `${count(total, 'message', 'messages')}, ${twice}. A rehearsal: nothing here was delivered to anybody.`
}

function mailboxLine(message: MessageSummary, timeZone: string): Markup {
  return html`<li>
    <a href="/outbox/${encodeURIComponent(message.name)}">
      <span class="to">${message.to || '(no recipient)'}${copiesMark(message.copies)}</span>
      <span class="subject">${message.subject || '(no subject)'}</span>
      <span class="from">${message.from}</span>
      ${time(message.received, timeZone)}
    </a>
  </li>`
}

/** One message: the HTML in its frame, the text, the headers, the source. */
export function messagePage(
  publication: OutboxPublication,
  message: KeptMessage,
  view: {
    readonly part: MessagePart
    readonly scheme: 'light' | 'dark'
    readonly width: 'phone' | 'desktop'
  },
): Markup {
  const path = `/outbox/${encodeURIComponent(message.name)}`
  const to = (change: Partial<typeof view>): string =>
    `${path}?${new URLSearchParams({ ...view, ...change }).toString()}`
  const names = { html: 'Mail', text: 'Text', headers: 'Headers', source: 'Source' } as const
  const main = html`<div class="page">
    <div class="head">
      <p class="facts">
        <a href="/outbox">Outbox</a> ${time(message.received, publication.timeZone)}
        <span>${kilobytes(message.bytes)}</span>
      </p>
      <h1>${message.subject || '(no subject)'}</h1>
      <dl class="envelope">
        <dt>From</dt>
        <dd>${message.from}</dd>
        <dt>To</dt>
        <dd>${message.to}${copiesMark(message.copies)}</dd>
      </dl>
    </div>
    <div class="toolbar">
      ${
        view.part === 'html'
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
      ${messageParts.map(
        (part) =>
          html`<a href="${to({ part })}" ${view.part === part ? html`aria-current="page"` : ''}
            >${names[part]}</a
          >`,
      )}
    </nav>
    ${messageStage(message, view.part, view.width, `${path}/frame?scheme=${view.scheme}`)}
  </div>`
  const title = message.subject || 'A message'
  return layout({ title, publication: publication.name, section: 'outbox', follows: '' }, main)
}

function messageStage(message: KeptMessage, part: MessagePart, width: string, frame: string): Markup {
  switch (part) {
    case 'html':
      return message.html === null
        ? paper(html`<p>This message has no HTML part.</p>`)
        : html`<div class="stage framed ${width}" role="region" tabindex="0" aria-label="Message">
            <iframe src="${frame}" title="The message"></iframe>
          </div>`
    case 'text':
      return paper(
        message.text === null
          ? html`<p>This message has no text part.</p>`
          : html`<pre class="text-part">${message.text}</pre>`,
      )
    case 'headers':
      return paper(
        html`<dl class="headers">
          ${message.headers.map(
            ({ name, value }) =>
              html`<dt>${name}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>`,
      )
    case 'source':
      return paper(html`<pre>${message.source}</pre>`)
  }
}

function copiesMark(copies: number): Markup | string {
  if (copies < 2) return ''
  return html` <span class="copies" title="${copies} messages carry this Message-ID">×${copies}</span>`
}

function time(at: number, timeZone: string): Markup {
  const when = new Date(at)
  const text = when.toLocaleString('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
  return html`<time datetime="${when.toISOString()}" title="${timeZone}">${text}</time>`
}
