import type { RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { compareEdtf, parseEdtf, type Edtf } from '../edtf.ts'
import type { Reading } from '../reading.ts'
import type { TimelineEvent } from '../tree.ts'
import { cut, isEmpty, itemsOf, placeOfNode, type Item } from './items.ts'

const EXAMPLE = '- 2025-10-19: what happened'

interface Dated {
  readonly start: Edtf
  readonly event: TimelineEvent
}

/** `:::timeline`: dated events, sorted by their first day, then as written. */
export function timeline(node: ContainerDirective, at: Reading): RootContent[] {
  const items = itemsOf(node, EXAMPLE, at)
  if (items === null) return node.children
  const dated = items.flatMap((item) => event(item, at))
  const children = dated.toSorted((a, b) => compareEdtf(a.start, b.start)).map((each) => each.event)
  return [{ type: 'timeline', children, ...placeOfNode(node) }]
}

function event(item: Item, at: Reading): Dated[] {
  const [text] = item.words
  const match = text?.type === 'text' ? /^([^\s:/]+)(?:\/([^\s:/]+))?:\s+/.exec(text.value) : null
  const date = match?.[1]
  if (match === null || date === undefined || text === undefined) {
    at.report('DC812', item.node, 'An event begins with its date.', `write “${EXAMPLE}”`)
    return []
  }
  const until = match[2] ?? null
  const start = parseEdtf(date)
  const end = until === null ? null : parseEdtf(until)
  if (start === null || (until !== null && end === null)) {
    const wrong = start === null ? date : until
    const hint = 'write 2025-11-08, 2025-11, 2025, 2025-11-08~ or a range such as 2025-10-25/2025-10-30'
    at.report('DC812', text, `“${wrong}” is not a date.`, hint)
    return []
  }
  if (end !== null && compareEdtf(end, start) < 0) {
    at.report('DC812', text, 'This range ends before it begins.', `write ${until}/${date}`)
  }
  const children = cut(item.words, match[0].length)
  if (isEmpty(children)) at.report('DC812', item.node, 'This event says nothing.', `write “${EXAMPLE}”`)
  return [{ start, event: { type: 'event', date, until, children, ...placeOfNode(item.node) } }]
}
