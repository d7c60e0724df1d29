import { useEffect, useRef } from 'preact/hooks'
import type { SendingState, SendingStatus } from '../../../contract/sending.ts'
import { Notice } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { tiersOf } from '../../shell/tiers.ts'
import { History } from './history.tsx'
import { LiveSend } from './live-send.tsx'
import { useMilestones } from './milestones.ts'
import { Plan } from './plan.tsx'
import { Result } from './result.tsx'
import { Scheduled } from './scheduled.tsx'
import './send.css'
import { TestMessage } from './test-message.tsx'
import { usePlan, useSending } from './use-sending.ts'
import { figures } from './words.ts'

/** To whom, how many, when; then how it goes, and what became of it. */
export function SendScreen({ issue, shelf }: IssueScreenProps) {
  const { loaded, status, take } = useSending(issue)
  const isOnItsWay = status !== null && ['freezing', 'sending', 'paused'].includes(status.state)
  const scheduled = status?.scheduled ?? null
  const isInFlight = isOnItsWay && scheduled === null
  const plan = usePlan(issue, loaded.value !== null && !isInFlight)
  const tiers = tiersOf(shelf?.publication)
  const said = useMilestones(status, figures)
  const page = useKeptFocus(status?.state ?? null)
  if (loaded.value === null)
    return loaded.error === null ? (
      <p class="loading">Looking at what was sent …</p>
    ) : (
      <div class="page">
        <Notice tone="error">{loaded.error}</Notice>
      </div>
    )
  const { rounds, timeZone } = loaded.value
  const common = { issue, figures, tiers, take }
  const wasSent = status !== null && (status.state === 'done' || status.state === 'cancelled')
  return (
    <div class="page send" ref={page}>
      <p class="visually-hidden" role="status">
        {said}
      </p>
      {loaded.error !== null && <Notice tone="error">{loaded.error}</Notice>}
      {isInFlight && <LiveSend {...common} status={status} />}
      {scheduled !== null && (
        <Scheduled {...common} {...{ scheduled, timeZone }} plan={plan.value} onStale={plan.reload} />
      )}
      {wasSent && <Result {...common} status={status} />}
      {!isInFlight && scheduled === null && (
        <Plan {...common} plan={plan} timeZone={timeZone} again={wasSent} />
      )}
      {isInFlight && isStill(status) && <Result {...common} status={status} />}
      {!isInFlight && <TestMessage issue={issue} tiers={tiers} server={plan.value?.server ?? null} />}
      <History rounds={rounds} figures={figures} tiers={tiers} />
    </div>
  )
}

/** Nothing of it moves for minutes: somebody paused it, or its servers put off what is left. */
function isStill({ state, waiting, counts }: SendingStatus): boolean {
  return state === 'paused' || (state === 'sending' && waiting > 0 && waiting === counts.deferred)
}

/** What had the focus may go with its state: then the heading that stands for the new one has it. */
function useKeptFocus(state: SendingState | null) {
  const page = useRef<HTMLDivElement>(null)
  const before = useRef<SendingStatus['state'] | null>(null)
  const had = useRef(false)
  useEffect(() => {
    const note = (): void => {
      const inside = page.current?.contains(document.activeElement) === true
      if (inside || document.activeElement !== document.body) had.current = inside
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  useEffect(() => {
    const was = before.current
    before.current = state
    if (was === state || !had.current || document.activeElement !== document.body) return
    const heading = page.current?.querySelector('h2')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus()
  }, [state])
  return page
}
