import { useEffect, useState } from 'preact/hooks'
import type { IssueSending, IssueSendingPlan, SendingStatus } from '../../../contract/sending.ts'
import { apiPath } from '../../shell/api.ts'
import { useChanges, useLoaded, type Loaded } from '../../shell/changes.ts'

export interface LiveSending {
  readonly loaded: Loaded<IssueSending>
  /** The newest that was told; null: nothing of it was sent or scheduled. */
  readonly status: SendingStatus | null
  /** What an action has answered. */
  readonly take: (answer: IssueSending) => void
}

/** How the issue's send stands, kept up to date by what the server tells. */
export function useSending(issue: string): LiveSending {
  const loaded = useLoaded<IssueSending>(
    apiPath(['issues', issue, 'sending']),
    (change) => change.what === 'sending' && change.id === issue,
  )
  const [told, setTold] = useState<{ readonly status: SendingStatus | null } | null>(null)
  useChanges((change) => {
    if (change !== 'everything' && change.what === 'progress' && change.id === issue)
      setTold({ status: change.status })
  })
  // What was asked for last is newer than what was told before.
  useEffect(() => setTold(null), [loaded.value])
  return {
    loaded,
    status: told === null ? (loaded.value?.status ?? null) : told.status,
    take(answer) {
      setTold({ status: answer.status })
      loaded.reload()
    },
  }
}

/** What “Send” would do now; not asked for while it is on its way. */
export function usePlan(issue: string, wanted: boolean): Loaded<IssueSendingPlan> {
  return useLoaded<IssueSendingPlan>(
    wanted ? apiPath(['issues', issue, 'sending', 'plan']) : null,
    (change) =>
      change.what === 'people' ||
      change.what === 'shelf' ||
      ((change.what === 'issue' || change.what === 'approval' || change.what === 'sending') &&
        change.id === issue),
  )
}
