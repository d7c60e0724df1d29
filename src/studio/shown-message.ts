import { inspectMail } from '../email/compat/inspect.ts'
import { linksOf } from '../email/compat/mail-links.ts'
import type { MessageView } from '../outbox/view.ts'
import type { OutboxChecks, OutboxMessage } from './contract/outbox.ts'
import type { StudioDeps } from './deps.ts'

/** A message as its page is given it: its HTML stays behind, for the frame at `frame`. */
export function answerMessage({ html, ...rest }: MessageView, frame: string): OutboxMessage {
  return { ...rest, frame: html === null ? null : frame }
}

/** Where a message leads to, and what a reader would notice of it. */
export function answerChecks(view: MessageView): OutboxChecks {
  const html = view.html ?? ''
  const text = view.text ?? ''
  const headers = view.source.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const inspected = inspectMail({
    html,
    text,
    headers: `${headers}\r\n`,
    images: [],
    messageBytes: view.bytes,
  })
  return {
    links: linksOf(html).map(({ url, kind }) => ({ url, kind })),
    remarks: html === '' ? [] : inspected.remarks,
    bytes: { html: Buffer.byteLength(html), text: Buffer.byteLength(text) },
  }
}

/**
 * Links to the site lead to the one on this machine, where it is: what is signed up for in a rehearsal is confirmed
 * in a rehearsal.
 */
export function withSiteHere(
  { baseUrl, siteUrl }: Pick<StudioDeps, 'baseUrl' | 'siteUrl'>,
  html: string,
): string {
  if (siteUrl === undefined) return html
  const base = baseUrl.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return html.replace(
    new RegExp(`(\\shref\\s*=\\s*["']?)${base}(?=/)`, 'gi'),
    (_, href: string) => href + siteUrl,
  )
}
