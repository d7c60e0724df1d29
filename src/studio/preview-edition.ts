import { createHash } from 'node:crypto'
import { OnrecordError } from '../core/errors.ts'
import { sampleRecipient } from '../email/compile.ts'
import { composeMessage } from '../email/compose.ts'
import type { Edition, Recipient } from '../email/edition.ts'
import { personalise } from '../email/personalise.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import { headerLines, splitHead } from '../outbox/headers.ts'
import { withAttributes, withoutMarks } from '../render/position-marks.ts'
import type { PreviewEdition, PreviewMail, PreviewMessage } from './preview.ts'

/**
 * As it reaches a reader; by default one whose links do no harm.
 *
 * @param marked the edition's HTML with position marks; without it, no word leads to its line
 */
export async function previewEdition(
  edition: Edition,
  recipient: Recipient = sampleRecipient(edition),
  marked = edition.html,
): Promise<PreviewEdition> {
  const { tier, lang, subject, preheader, web, sources, bytes, hash } = edition
  const { source: _, ...message } = await previewMessage(edition, recipient, marked)
  const from = edition.envelope.from.name
  const shown = { slotted: marked, picture: pictureOf(marked) }
  return { tier, lang, subject, preheader, from, ...message, ...shown, web, sources, bytes, hash }
}

/** The picture of a mail of which there is no more yet than its HTML; null where its slots are not in order. */
export function previewMail(issue: ProjectedIssue, marked: string, baseUrl: string): PreviewMail | null {
  const { tier, id, meta } = issue
  const plain = { issue: id, hash: NO_HASH, date: meta.date, envelope: { baseUrl } }
  try {
    const { html } = personalise({ ...plain, html: marked, text: '' }, sampleRecipient(plain))
    const { subject, preheader } = meta
    const mail = { tier, subject, preheader, html: withoutMarks(html), marked: withAttributes(html) }
    return { ...mail, slotted: marked, picture: pictureOf(marked) }
  } catch {
    // What is wrong with the look is found, and told, a moment later.
    return null
  }
}

/** Stands in a sample reader's links, which lead nowhere. */
const NO_HASH = '0'.repeat(64)

function pictureOf(marked: string): string {
  return createHash('sha256').update(marked).digest('hex')
}

/** What `recipient` would get. */
export async function previewMessage(
  edition: Edition,
  recipient: Recipient,
  marked: string,
): Promise<PreviewMessage> {
  const { html, text } = personalise(edition, recipient)
  const framed = personalise({ ...edition, html: marked, text: '' }, recipient).html
  return { html, marked: withAttributes(framed), text, ...(await composed(edition, recipient)) }
}

async function composed(
  edition: Edition,
  recipient: Recipient,
): Promise<Pick<PreviewMessage, 'headers' | 'source'>> {
  try {
    const message = await composeMessage(edition, recipient)
    return { headers: headerLines(splitHead(message).head), source: message.toString('utf8') }
  } catch (error) {
    // A header that must not be sent: the editor sees which, in place of the headers.
    if (!(error instanceof OnrecordError)) throw error
    return { headers: [{ name: 'Refused', value: error.message }], source: '' }
  }
}
