import { useState } from 'preact/hooks'
import type { IssueSending, IssueSendingPlan, ScheduledSend } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { href } from '../../shell/routes.ts'
import { Blocks } from './blocks.tsx'
import { Confirm } from './confirm.tsx'
import { sentence, useSteering } from './live-send.tsx'
import { useStays } from './use-stays.ts'
import { TimeField, type ChosenTime } from './when.tsx'
import { countOf, type Figures } from './words.ts'

export interface ScheduledProps {
  readonly issue: string
  readonly scheduled: ScheduledSend
  /** Null until it is known. */
  readonly plan: IssueSendingPlan | null
  readonly timeZone: string
  readonly figures: Figures
  readonly tiers: Readonly<Record<'subscriber' | 'member', string>>
  readonly take: (answer: IssueSending) => void
  /** The server says that the plan is another by now. */
  readonly onStale: () => void
}

/** A send that waits for its time, and the ways to take it back or move it. */
export function Scheduled(props: ScheduledProps) {
  const { issue, scheduled, plan, timeZone, figures, tiers, take } = props
  const { at, inWords, held, frozenAt, kind, to, worker } = scheduled
  // The plan is asked for anew with every change of the issue and of its approval.
  const { change, sentBack } = plan?.scheduled ?? scheduled
  const [moving, setMoving] = useState(false)
  const [time, setTime] = useState<ChosenTime>({ kind: 'wrong' })
  const [confirming, setConfirming] = useState(false)
  const unattended = useStays(worker === false)
  const { steer, error } = useSteering(issue, take)
  const starts = held === null && Date.parse(at.at) <= Date.now()
  const count = plan === null ? null : countOf(plan, to)
  return (
    <section class="send-scheduled" aria-labelledby="send-scheduled">
      <h2 id="send-scheduled" class={kind === 'rehearsal' ? 'send-reach outbox' : 'send-reach'}>
        {held !== null ? 'It did not start' : starts ? 'Starting …' : `Scheduled for ${at.inFull}`}
      </h2>
      {!starts && (
        <p>
          {held === null ? `It starts ${inWords}` : `It was to start on ${at.inFull}`}
          {kind === 'rehearsal'
            ? ', into the outbox alone.'
            : plan === null
              ? '.'
              : `, through ${plan.server.label}.`}{' '}
          It goes to {to === 'everybody' ? 'everybody' : `everybody of tier “${tiers[to]}”`} who is subscribed
          when it starts
          {count === null ? '' : `: ${figures.people(count)} as of now`}. Its text was frozen on{' '}
          {frozenAt.words}.
        </p>
      )}
      {held !== null && (
        <Notice tone="warning" title="It waits for you">
          {sentence(held)}
        </Notice>
      )}
      {sentBack && held === null && (
        <Notice tone="warning" title="It was sent back after it was scheduled">
          <p>
            So it does not start.{' '}
            <a href={href({ screen: 'issue', issue, tab: 'approve' })}>Approve it again</a>, and it goes out
            as it was frozen; or take it back.
          </p>
        </Notice>
      )}
      {change !== null && !sentBack && (
        <Notice tone="warning" title="The files have changed since it was scheduled">
          <p>
            What was approved then, on {frozenAt.words}, is what goes out. To send the new text, approve it
            and move the send: to the same time, if you like. To send nothing, take it back.
          </p>
        </Notice>
      )}
      {held === null && !starts && !unattended && (
        <p>
          Keep the studio open until then, or “onrecord serve” running. If nothing runs at that time, it
          starts up to an hour late; after that it waits for you.
        </p>
      )}
      {held === null && !starts && unattended && (
        <Notice tone="info">
          Nothing is running that would start it. Keep the studio open, or “onrecord serve” running.
        </Notice>
      )}
      {error !== null && <Notice tone="error">{error}</Notice>}
      {!starts && (
        <div class="send-steer">
          {held !== null && (
            <Button kind="primary" onClick={() => void steer('resume')}>
              Start it now, as it was frozen
            </Button>
          )}
          <Button pressed={moving} onClick={() => setMoving(!moving)}>
            Move it …
          </Button>
          <Button kind="danger" onClick={() => void steer('cancel')}>
            Take it back
          </Button>
          <p class="soft">Taken back, nothing is sent, and you may send it again when you like.</p>
        </div>
      )}
      {moving && plan !== null && (
        <div class="send-move">
          <TimeField time={time} setTime={setTime} timeZone={timeZone} />
          <Blocks issue={issue} blocks={plan.blocks} />
          <div class="send-go">
            <Button
              kind="primary"
              disabled={time.kind !== 'at' || plan.blocks.length > 0}
              onClick={() => setConfirming(true)}
            >
              Move it to this time …
            </Button>
          </div>
        </div>
      )}
      {confirming && plan !== null && time.kind === 'at' && (
        <Confirm
          {...{ issue, plan, to, time, figures, tiers }}
          count={countOf(plan, to)}
          onStale={props.onStale}
          onClose={() => setConfirming(false)}
          onStarted={(answer) => {
            setConfirming(false)
            setMoving(false)
            take(answer)
          }}
        />
      )}
    </section>
  )
}
