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
export function answerChecks(deps: SiteHere, view: MessageView): OutboxChecks {
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
    links: linksOf(html).map(({ url, kind }) => ({
      url,
      kind,
      here:
        deps.siteHere === true && url.startsWith(`${deps.baseUrl}/`) ? url.slice(deps.baseUrl.length) : null,
    })),
    remarks: html === '' ? [] : inspected.remarks,
    bytes: { html: Buffer.byteLength(html), text: Buffer.byteLength(text) },
  }
}

type SiteHere = Pick<StudioDeps, 'baseUrl' | 'siteHere'>

/**
 * Links to the site lead to the one on this machine, where it is: what is signed up for in a rehearsal is confirmed
 * in a rehearsal.
 */
export function withSiteHere({ baseUrl, siteHere }: SiteHere, html: string): string {
  if (siteHere !== true) return html
  const base = baseUrl.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  return html.replace(new RegExp(`(\\shref\\s*=\\s*["']?)${base}(?=/)`, 'gi'), '$1')
}
