import type { Nodes } from 'mdast'
import type { IssueMeta } from '../brief/brief.ts'
import { holdsPlaceholder } from '../brief/placeholders.ts'
import { plainText } from '../brief/plain-text.ts'
import { finding, placeOf, type Finding, type Place } from '../core/finding.ts'
import type { IssueParts } from './read.ts'

/** DC817 for each line of `onrecord new` that is left: an error from `review` on, a warning in a draft. */
export function checkPlaceholders({ issueFile, briefs }: IssueParts): Finding[] {
  const status: IssueMeta['status'] = issueFile?.meta.status ?? 'draft'
  const left = (place: Place): Finding =>
    finding('DC817', place, 'This line is still the one that “onrecord new” wrote.', {
      hint: 'write over it',
      severity: status === 'draft' ? 'warning' : 'error',
    })
  const findings: Finding[] = []
  if (issueFile !== null) {
    const { front, meta, file, note } = issueFile
    if (holdsPlaceholder(meta.subject)) findings.push(left(front.at(['subject'])))
    // A single file has its preheader from its standfirst, which is looked at below.
    if (holdsPlaceholder(meta.preheader) && !briefs.some((brief) => brief.meta.standfirst === meta.preheader))
      findings.push(left(front.at(['preheader'])))
    findings.push(...leavesOf(note).map((node) => left(placeOf(file, node.position))))
  }
  for (const { front, meta, file, body } of briefs) {
    if (holdsPlaceholder(meta.title)) findings.push(left(front.at(['title'])))
    if (holdsPlaceholder(meta.standfirst)) findings.push(left(front.at(['standfirst'])))
    findings.push(...leavesOf(body).map((node) => left(placeOf(file, node.position))))
  }
  return findings
}

/** The paragraphs and headings under `node` that hold words of `onrecord new`. */
function leavesOf(node: Nodes): Nodes[] {
  if (node.type === 'paragraph' || node.type === 'heading')
    return holdsPlaceholder(plainText(node)) ? [node] : []
  return 'children' in node ? node.children.flatMap(leavesOf) : []
}
