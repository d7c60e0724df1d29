import { anySlotMark, slotNames, type SlotName, type SlotValues } from '../render/slots.ts'
import type { Edition, Recipient } from './edition.ts'

/** The two parts of one person's message. */
export interface Personalised {
  readonly html: string
  readonly text: string
}

/**
 * Splices a person's values into an edition. A value is escaped for the place it goes to and is
 * never looked at again, so that one which holds a slot mark or `{{…}}` comes out literally.
 */
export function personalise(edition: Edition, recipient: Recipient): Personalised {
  const values = slotValues(edition, recipient)
  return {
    html: edition.html.replace(anySlotMark, (_, name: string) => escapeHtml(values[slotName(name)])),
    text: edition.text.replace(anySlotMark, (_, name: string) => values[slotName(name)]),
  }
}

/** What fills each slot; a test message gets a link that changes nothing. */
export function slotValues(edition: Edition, recipient: Recipient): SlotValues {
  return {
    address: recipient.address,
    unsubscribeUrl: recipient.unsubscribeUrl ?? `${edition.envelope.baseUrl}/u/test`,
  }
}

function slotName(name: string): SlotName {
  const known = slotNames.find((each) => each === name)
  if (known === undefined) throw new Error(`no such slot: ${name}`)
  return known
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
