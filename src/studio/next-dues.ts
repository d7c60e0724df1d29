import { nextSlot } from '../issue/cadence.ts'
import type { IssueState, IssueSummary, NextDue } from './contract/issues.ts'
import type { Shelf } from './preview.ts'

const out: ReadonlySet<IssueState> = new Set(['sending', 'paused', 'sent', 'published'])

/** When the next issues are due: after now, and after the day of the last one that is out. */
export function nextDues(
  { cadences, timeZone }: Pick<NonNullable<Shelf['publication']>, 'cadences' | 'timeZone'>,
  issues: readonly Pick<IssueSummary, 'newsletter' | 'date' | 'state'>[],
  now: number,
): readonly NextDue[] {
  return Object.entries(cadences)
    .map(([newsletter, cadence]) => {
      const dates = issues
        .filter((each) => each.newsletter === newsletter && out.has(each.state))
        .map(({ date }) => date ?? '')
        .filter((date) => !Number.isNaN(Date.parse(date)))
      const last = dates.toSorted().at(-1) ?? null
      return { newsletter, at: nextSlot(cadence, timeZone, now, last).at }
    })
    .toSorted((a, b) => a.at - b.at)
}
