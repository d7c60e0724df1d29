import type { Finding } from '../core/finding.ts'
import type { FindingCounts } from './contract/finding.ts'
import type { IssueState, Readiness, ReadinessLine } from './contract/issues.ts'
import type { ShelvedIssue } from './library.ts'
import type { IssueStand } from './standings.ts'

/** More lines than this nobody reads. */
const MOST_LINES = 10

/** How many findings of each severity are not waived. */
export function countFindings(findings: readonly Finding[]): FindingCounts {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const each of findings) if (each.waived === null) counts[each.severity]++
  return counts
}

/**
 * The light of an issue, by what the newest build found; when that is nothing, by what is still `due` (as an approval).
 * Its lines, shown and left out, are as many as its sentence says.
 */
export function readinessOf(
  { latest, fault, version }: ShelvedIssue,
  due: readonly ReadinessLine[] = [],
): Readiness {
  if (version === 0) return { light: 'unknown', sentence: 'Being checked …', lines: [], more: 0 }
  const errors = (latest?.findings ?? []).filter((each) => each.severity === 'error' && each.waived === null)
  const wrong: readonly ReadinessLine[] = [
    ...(fault === null ? [] : [{ text: fault, screen: 'check' as const, place: null }]),
    ...errors.map(({ message, file, line, column }): ReadinessLine => ({
      // What is no text of the issue, as its look, is opened by nobody here.
      ...(file.startsWith('briefs/')
        ? { text: message, place: { file, line, column } }
        : { text: `${file}, line ${line}: ${message}`, place: null }),
      screen: 'check',
    })),
  ]
  if (wrong.length > 0)
    return {
      light: 'blocked',
      sentence: `${wrong.length} ${wrong.length === 1 ? 'thing' : 'things'} to mend before it can go out.`,
      lines: wrong.slice(0, MOST_LINES),
      more: Math.max(0, wrong.length - MOST_LINES),
    }
  const [first] = due
  if (first !== undefined) return { light: 'open', sentence: first.text, lines: due, more: 0 }
  return { light: 'ready', sentence: 'Ready: nothing stands in the way.', lines: [], more: 0 }
}

/**
 * What is to be done before an issue in this state can go out, when nothing is wrong with it.
 *
 * @param standing whether its text is approved, where something of it has gone out before; default: it is
 */
export function dueOf(
  state: IssueState,
  standing: IssueStand['standing'] = 'approved',
): readonly ReadinessLine[] {
  const due = (text: string): readonly ReadinessLine[] => [{ text, screen: 'approve', place: null }]
  switch (state) {
    case 'draft':
      return due('To be handed over for review.')
    case 'review':
      return due('To be approved.')
    case 'void':
      return due('Changed since it was approved: to be approved again.')
    case 'broken':
    case 'approved':
    case 'scheduled':
    case 'sending':
    case 'paused':
      return []
    case 'sent':
    case 'cancelled':
    case 'published':
      return standing === 'approved' ? [] : dueOf(standing)
  }
}
