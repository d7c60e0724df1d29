import { escapeHtml } from '../render/escape.ts'
import { cutAtMarks, type Piece, type SlotValues } from '../render/slots.ts'
import type { Edition, Recipient } from './edition.ts'

/** The two parts of one person's message. */
export interface Personalised {
  readonly html: string
  readonly text: string
}

/**
 * Splices a person's values into an edition. A value is escaped for the place it goes to and is
 * never looked at again, so that one which holds a slot mark or `{{…}}` comes out literally. The wire
 * gets the same, encoded (`openComposer`).
 */
export function personalise(
  edition: Pick<Edition, 'html' | 'text'> & Addressed,
  recipient: Recipient,
): Personalised {
  const values = slotValues(edition, recipient)
  return {
    html: fill(cutAtMarks(edition.html), (name) => escapeHtml(values[name]), values),
    text: fill(cutAtMarks(edition.text), (name) => values[name], values),
  }
}

/** What of an edition stands in a person's links. */
interface Addressed {
  readonly issue: string
  readonly envelope: Pick<Edition['envelope'], 'baseUrl'>
}

/** What fills each slot; a test message gets a link that changes nothing. */
export function slotValues(edition: Addressed, recipient: Recipient): SlotValues {
  return {
    address: recipient.address,
    unsubscribeUrl: recipient.unsubscribeUrl ?? `${edition.envelope.baseUrl}/u/test`,
    viewUrl: recipient.viewUrl ?? `${edition.envelope.baseUrl}/issues/${encodeURIComponent(edition.issue)}`,
    name: recipient.name ?? '',
  }
}

function fill(
  pieces: readonly Piece[],
  written: (name: keyof SlotValues) => string,
  values: SlotValues,
): string {
  return pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece
      if ('slot' in piece) return written(piece.slot)
      return fill(values[piece.when] === '' ? piece.absent : piece.present, written, values)
    })
    .join('')
}
