/**
 * What differs per person. Templates write `{{slot "unsubscribeUrl"}}`, which leaves a mark of
 * plain letters that Handlebars, MJML and minifiers pass through; `email/` splices the person's
 * value in, already encoded, long after any template has run.
 */
export const slotNames = ['unsubscribeUrl', 'address'] as const

export type SlotName = (typeof slotNames)[number]

export type SlotValues = Readonly<Record<SlotName, string>>

/** The mark that stands for a slot in rendered output. */
export function slotMark(name: SlotName): string {
  return `ONRECORDxSLOTx${name}xEND`
}

/** Any mark; an author's text that holds one is refused. */
export const anySlotMark = new RegExp(`ONRECORDxSLOTx(${slotNames.join('|')})xEND`, 'g')
