import type { IssueCheck } from '../../../contract/check.ts'
import { apiPath } from '../../shell/api.ts'
import { useLoaded, type Loaded } from '../../shell/changes.ts'

/** The findings of an issue, asked for again whenever it was checked. */
export function useCheck(issue: string): Loaded<IssueCheck> {
  return useLoaded<IssueCheck>(
    apiPath(['issues', issue, 'check']),
    (change) => (change.what === 'issue' || change.what === 'fixes') && change.id === issue,
  )
}
