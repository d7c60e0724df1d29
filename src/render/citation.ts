import { mainMarks } from '../brief/citations.ts'
import type { Citation, CitationMark } from '../brief/tree.ts'

/** One number of a citation, as it is shown: `[3]`, `[3, p. 18]`, `Dawn [3]`, `[3] via [5]`. */
export interface ShownMark {
  /** Put before the number: the publisher of a narrative citation, or null. */
  readonly lead: string | null
  readonly label: string
  readonly number: number
  readonly href: string | null
  readonly publisher: string
  readonly via: { readonly label: string; readonly number: number; readonly href: string | null } | null
}

/** What a reader sees of a citation. A relay is shown behind what it relays, not by itself. */
export function shownMarks(node: Citation): ShownMark[] {
  const marks = node.marks ?? []
  const shown = mainMarks(node)
  return shown.map((mark, index) => {
    const locator = shown.length === node.items.length ? (node.items[index]?.locator ?? null) : null
    return {
      lead: node.narrative ? mark.publisher : null,
      label: locator === null ? `[${mark.number}]` : `[${mark.number}, ${locator}]`,
      number: mark.number,
      href: mark.href,
      publisher: mark.publisher,
      via: mark.via === null ? null : relay(mark.via, marks),
    }
  })
}

function relay(number: number, marks: readonly CitationMark[]): ShownMark['via'] {
  const mark = marks.find((each) => each.number === number)
  return { label: `[${number}]`, number, href: mark?.href ?? null }
}

/** A citation as plain text, as it stands in every part. */
export function citationText(node: Citation): string {
  return shownMarks(node)
    .map((mark) => {
      const lead = mark.lead === null ? '' : `${mark.lead} `
      const via = mark.via === null ? '' : ` via ${mark.via.label}`
      return `${lead}${mark.label}${via}`
    })
    .join('')
}
