/**
 * What differs per person. Templates write `{{slot "unsubscribeUrl"}}`, which leaves a mark of
 * plain letters that Handlebars, MJML and minifiers pass through; `email/` splices the person's
 * value in, already encoded, long after any template has run.
 */
export const slotNames = ['unsubscribeUrl', 'viewUrl', 'address', 'name'] as const

export type SlotName = (typeof slotNames)[number]

/** A person's values; an empty one means that there is none. */
export type SlotValues = Readonly<Record<SlotName, string>>

/** The slots a person may have no value for: `{{#present "name"}}…{{else}}…{{/present}}`. */
export const optionalSlots: readonly SlotName[] = ['name']

/** slot: a value; present, absent, close: where the two texts of a choice begin, and where it ends. */
type MarkKind = 'SLOT' | 'PRESENT' | 'ABSENT' | 'CLOSE'

/** Text between the marks, a value, or a choice between two texts by whether there is a value. */
export type Piece = string | Slot | Choice

export interface Slot {
  readonly slot: SlotName
}

export interface Choice {
  readonly when: SlotName
  readonly present: readonly Piece[]
  readonly absent: readonly Piece[]
}

/** The mark that stands for a slot in rendered output. */
export function slotMark(name: SlotName): string {
  return mark('SLOT', name)
}

/** Two texts of which each person gets the one that fits. */
export function choiceMarks(name: SlotName, present: string, absent: string): string {
  return mark('PRESENT', name) + present + mark('ABSENT', name) + absent + mark('CLOSE', name)
}

function mark(kind: MarkKind, name: SlotName): string {
  return `ONRECORDx${kind}x${name}xEND`
}

/** Any mark; an author's text that holds one is refused. */
export const anySlotMark = new RegExp(
  `ONRECORDx(SLOT|PRESENT|ABSENT|CLOSE)x(${slotNames.join('|')})xEND`,
  'g',
)

/**
 * Rendered output cut at its marks.
 * @throws Error where a choice is not closed, or stands within another
 */
export function cutAtMarks(text: string): readonly Piece[] {
  const whole: Piece[] = []
  let open: { when: SlotName; present: Piece[]; absent: Piece[] } | null = null
  let into = whole
  let at = 0
  for (const found of text.matchAll(anySlotMark)) {
    if (found.index > at) into.push(text.slice(at, found.index))
    at = found.index + found[0].length
    const name = slotNames.find((each) => each === found[2])
    if (name === undefined) continue
    if (found[1] === 'SLOT') into.push({ slot: name })
    else if (found[1] === 'PRESENT' && open === null) {
      open = { when: name, present: [], absent: [] }
      into = open.present
    } else if (found[1] === 'ABSENT' && open?.when === name && into === open.present) into = open.absent
    else if (found[1] === 'CLOSE' && open?.when === name && into === open.absent) {
      whole.push(open)
      open = null
      into = whole
    } else throw new Error(`“present” of the slot “${name}” is not closed, or stands within another`)
  }
  if (open !== null) throw new Error(`“present” of the slot “${open.when}” is not closed`)
  if (at < text.length) whole.push(text.slice(at))
  return whole
}
