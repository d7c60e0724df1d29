import { messageOf } from '../core/errors.ts'
import { finding, type Finding } from '../core/finding.ts'
import type { Rendered } from './rendered.ts'
import { anySlotMark, cutAtMarks, slotNames } from './slots.ts'
import type { Template } from './template.ts'

/**
 * Slots where they cannot work (DC816): on the web page, which is the same for everybody; outside of
 * any text, where MJML drops them, so that everybody would read both texts of a `present`; a `present`
 * within another.
 */
export function misplacedMarks({ mjml, html, text, web }: Rendered, template: Template): Finding[] {
  const problem = problemOf(mjml, html, text, web)
  if (problem === null) return []
  const { file, line } = template.locate('{{#present')
  const place = { file, line, column: 1, endLine: line, endColumn: 1 }
  return [
    finding('DC816', place, `This template does not work: ${problem}.`, {
      hint: 'templates/weekly/README.md says where slots may stand',
    }),
  ]
}

function problemOf(mjml: string, html: string, text: string, web: string): string | null {
  if (web.search(anySlotMark) >= 0) return 'the web page holds a slot, and has no reader to fill it'
  const kept = count(html)
  const lost = [...count(mjml)].find(([mark, times]) => (kept.get(mark) ?? 0) < times)
  const slot = slotNames.find((name) => lost?.[0].endsWith(`x${name}xEND`))
  if (slot !== undefined) return `MJML drops the slot “${slot}” where it stands; slots go into <mj-text>`
  try {
    cutAtMarks(html)
    cutAtMarks(text)
    return null
  } catch (error) {
    return messageOf(error)
  }
}

function count(text: string): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const [mark] of text.matchAll(anySlotMark)) times.set(mark, (times.get(mark) ?? 0) + 1)
  return times
}
