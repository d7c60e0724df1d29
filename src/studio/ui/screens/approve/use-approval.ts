import { useState } from 'preact/hooks'
import type { ApprovalSheet, NewStep, NewTick, TickedSource } from '../../../contract/approval.ts'
import { say } from '../../parts/toast.tsx'
import { ApiError, apiPath, post, put, sentenceOf } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'

/** What a screen knows of an issue's approval, and may do about it. */
export interface ApprovalDesk {
  readonly sheet: ApprovalSheet | null
  /** Why there is nothing newer, as a sentence, or null. */
  readonly error: string | null
  /** Why the last step or tick was not recorded, or null. */
  readonly refused: string | null
  readonly ticking: ReadonlyMap<string, boolean>
  /** Whether it was recorded. */
  step(step: NewStep['step'], by: string, note: string | null): Promise<boolean>
  tick(source: TickedSource, ticked: boolean, by: string): Promise<void>
}

/** Steps and ticks carry what was seen, so that nothing is approved that changed a moment ago. */
export function useApproval(issue: string): ApprovalDesk {
  const path = apiPath(['issues', issue, 'approval'])
  const loaded = useLoaded<ApprovalSheet>(
    path,
    (change) => (change.what === 'issue' || change.what === 'approval') && change.id === issue,
    { keeps: true },
  )
  // What was answered is shown until what is loaded next has come.
  const [answer, setAnswer] = useState<{ readonly sheet: ApprovalSheet; readonly over: unknown } | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [ticking, setTicking] = useState<ReadonlyMap<string, boolean>>(new Map())
  const sheet = answer !== null && answer.over === loaded.value ? answer.sheet : loaded.value

  const take = async (asked: Promise<ApprovalSheet>): Promise<ApprovalSheet | null> => {
    try {
      const given = await asked
      setAnswer({ sheet: given, over: loaded.value })
      setRefused(null)
      return given
    } catch (error) {
      setRefused(sentenceOf(error))
      if (error instanceof ApiError && error.code === 'conflict') loaded.reload()
      return null
    }
  }

  return {
    sheet,
    error: loaded.error,
    refused,
    ticking,
    async step(step, by, note) {
      if (sheet === null) return false
      const body: NewStep = { step, by, note, seen: sheet.hash ?? undefined, steps: sheet.history.length }
      const given = await take(post<ApprovalSheet>(path, body))
      // Where it stands now is said by the heading, which gets the focus.
      if (given?.statusNotWritten) say(given.statusNotWritten)
      return given !== null
    },
    async tick({ check: { id, hash } }, ticked, by) {
      setTicking((before) => new Map(before).set(id, ticked))
      const body: NewTick = { ticked, by, seen: hash }
      await take(put<ApprovalSheet>(apiPath(['issues', issue, 'sources', id, 'tick']), body))
      setTicking((before) => new Map([...before].filter(([each]) => each !== id)))
    },
  }
}
