import type { InboxRow } from './contract/preview.ts'

/** What a list of mail is fed with. */
export interface InboxLine {
  readonly sender: string
  readonly subject: string
  readonly preheader: string
}

interface Client {
  readonly client: InboxRow['client']
  readonly label: string
  /** Of the whole row as it is drawn, in CSS pixels. */
  readonly width: number
  readonly sender: Slot
  readonly subject: Slot
  /** Null: it follows the subject on its line, and gets what that leaves. */
  readonly preheader: Slot | null
}

interface Slot {
  readonly width: number
  /** Of its letters, in CSS pixels. */
  readonly size: number
  readonly bold: boolean
  readonly lines: number
}

/**
 * The lists as they are at first, for an unread mail: Gmail at 1,440 px with its menu open; a phone of 360 px; an iPhone of
 * 390 pt; Outlook with the reading pane beside the list.
 */
const clients: readonly Client[] = [
  {
    client: 'gmail',
    label: 'Gmail, on a computer',
    width: 1040,
    sender: { width: 168, size: 14, bold: true, lines: 1 },
    subject: { width: 740, size: 14, bold: true, lines: 1 },
    preheader: null,
  },
  {
    client: 'gmail-phone',
    label: 'Gmail, on a phone',
    width: 360,
    sender: { width: 212, size: 16, bold: true, lines: 1 },
    subject: { width: 264, size: 14, bold: true, lines: 1 },
    preheader: { width: 228, size: 14, bold: false, lines: 1 },
  },
  {
    client: 'ios',
    label: 'Mail, on an iPhone',
    width: 390,
    sender: { width: 246, size: 17, bold: true, lines: 1 },
    subject: { width: 336, size: 15, bold: false, lines: 1 },
    preheader: { width: 336, size: 15, bold: false, lines: 2 },
  },
  {
    client: 'outlook',
    label: 'Outlook, on a computer',
    width: 340,
    sender: { width: 250, size: 14, bold: true, lines: 1 },
    subject: { width: 218, size: 14, bold: true, lines: 1 },
    preheader: { width: 256, size: 14, bold: false, lines: 1 },
  },
]

/** Between a subject and what follows it on its line. */
const DASH = ' – '

/**
 * How lists of mail cut sender, subject and preheader: by width, as they do, measured with the letters of Arial, to
 * which those of the programs come within a few in a hundred.
 */
export function inboxRows(line: InboxLine): readonly InboxRow[] {
  return clients.map(({ client, label, width, sender, subject, preheader }) => {
    const shownSubject = cutTo(line.subject, subject)
    const rest = {
      ...subject,
      bold: false,
      width: subject.width - widthOf(shownSubject.shown + DASH, subject),
    }
    const follows = preheader === null
    return {
      client,
      label,
      width,
      sender: cutTo(line.sender, sender),
      subject: shownSubject,
      preheader: cutTo(line.preheader, preheader ?? rest),
      oneLine: follows,
    }
  })
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** As much of a text as fits, whole letters alone; what is longer ends in “…”, which takes its own place. */
function cutTo(text: string, slot: Slot): InboxRow['subject'] {
  const words = text.replace(/\s+/gu, ' ').trim()
  const letters = [...graphemes.segment(words)].map(({ segment }) => segment)
  const all = { shown: words, letters: letters.length, of: letters.length }
  const room = slot.width * slot.lines
  if (widthOf(words, slot) <= room) return all
  let used = widthOf('…', slot)
  let kept = 0
  for (const letter of letters) {
    used += widthOf(letter, slot)
    if (used > room) break
    kept++
  }
  const shown = letters.slice(0, kept).join('').trimEnd()
  return { shown: `${shown}…`, letters: kept, of: letters.length }
}

function widthOf(text: string, { size, bold }: Pick<Slot, 'size' | 'bold'>): number {
  let thousandths = 0
  for (const { segment } of graphemes.segment(text)) thousandths += letterWidth(segment)
  return (thousandths / 1000) * size * (bold ? BOLD : 1)
}

/** How much wider bold letters are, on average. */
const BOLD = 1.06

/** Advance widths of Arial from space to tilde, in thousandths of the size. */
const ascii = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584'
)
  .split(' ')
  .map(Number)

/** A letter with accents is as wide as without; of other scripts, wide ones take the whole size. */
function letterWidth(grapheme: string): number {
  const base = grapheme.normalize('NFD').codePointAt(0) ?? 32
  const known = ascii[base - 32]
  if (known !== undefined) return known
  const character = String.fromCodePoint(base)
  if (/[\p{Cf}\p{Cc}\p{Mn}]/u.test(character)) return 0
  if (character === '…' || character === '—') return 1000
  if (/[–]/u.test(character)) return 556
  if (/[‘’]/u.test(character)) return 222
  if (/[“”]/u.test(character)) return 333
  return isWide.test(grapheme) ? 1000 : 560
}

const isWide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303F\uFF00-\uFF60]/u
