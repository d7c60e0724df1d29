import { visit } from 'unist-util-visit'
import { finding, placeOf, startOf, type Finding, type Place } from '../core/finding.ts'
import type { Publication } from '../core/publication.ts'
import type { ProjectedIssue } from '../issue/issue.ts'
import { anySlotMark } from './slots.ts'

/**
 * Text that holds a slot's mark, which would come out as one reader's address in another's brief:
 * refused wherever an editor can write (DC814).
 */
export function reservedMarks(issue: ProjectedIssue, publication: Publication): Finding[] {
  const findings: Finding[] = []
  const check = (value: unknown, place: Place): void => {
    if (!holdsMark(value)) return
    findings.push(
      finding('DC814', place, 'This text holds a mark that Onrecord keeps for readers’ addresses.'),
    )
  }
  const file = issue.file
  check([issue.id, issue.meta], startOf(file))
  check(publication, startOf('onrecord.yaml'))
  check(issue.sources, startOf(file))
  const bodies = [{ file, body: issue.note }, ...issue.briefs]
  for (const { file: path, body } of bodies) {
    visit(body, (node) => {
      const { children: _children, position: _position, ...own } = { children: null, ...node }
      check(own, placeOf(path, node.position))
    })
  }
  for (const { body: _body, ...head } of issue.briefs) check(head, startOf(head.file))
  return findings
}

function holdsMark(value: unknown): boolean {
  return JSON.stringify(value)?.search(anySlotMark) >= 0
}
