import type { Nodes } from 'mdast'
import { citationsOf } from './citations.ts'
import type { Reading } from './reading.ts'
import { masked } from './references.ts'
import type { Citation } from './tree.ts'

/**
 * Reports brackets that are citations to Pandoc but not here, since something stands before the first id:
 * `[see @id]`, `[-@id]`, `[via @id]`. Without a finding readers would get the brackets as they stand. What
 * begins with the id itself (`[@id …`) was reported by the tokenizer.
 *
 * @param body the text the tree was parsed from
 */
export function checkBrackets(node: Nodes, body: string, at: Reading): void {
  if (!('children' in node)) return
  if (node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell') {
    for (const child of node.children) checkBrackets(child, body, at)
    return
  }
  const start = node.position?.start.offset
  const end = node.position?.end.offset
  if (start === undefined || end === undefined) return
  const narrative = node.children.flatMap(citationsOf).filter((each) => each.narrative)
  if (narrative.length === 0) return
  for (const citation of withinBrackets(masked(node, body, start, end), start, narrative)) {
    at.report(
      'DC810',
      citation,
      'A bracket around a citation begins with the citation: nothing stands before its “@”.',
      'write the words before the bracket, as in: see [@id]; a literal @ is \\@',
    )
  }
}

/** The first citation in each bracket that does not begin with it. */
function withinBrackets(source: string, start: number, narrative: readonly Citation[]): Citation[] {
  const at = new Map(narrative.map((each) => [(each.position?.start.offset ?? -1) - start, each]))
  const open: { readonly from: number; readonly citations: Citation[] }[] = []
  const found: Citation[] = []
  for (let index = 0; index < source.length; index++) {
    const citation = at.get(index)
    if (citation !== undefined) open.at(-1)?.citations.push(citation)
    const character = source.charAt(index)
    if (character === '\\') index++
    else if (character === '[') open.push({ from: index + 1, citations: [] })
    else if (character === ']') {
      const bracket = open.pop()
      const first = bracket?.citations[0]
      if (bracket === undefined || first === undefined) continue
      const offset = (first.position?.start.offset ?? 0) - start
      if (/\S/u.test(source.slice(bracket.from, offset))) found.push(first)
    }
  }
  return found
}
