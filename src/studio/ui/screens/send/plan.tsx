import { useState } from 'preact/hooks'
import type { IssueSending, IssueSendingPlan, SendingTo } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import type { Loaded } from '../../shell/changes.ts'
import { href } from '../../shell/routes.ts'
import { Audience } from './audience.tsx'
import { Blocks } from './blocks.tsx'
import { Confirm } from './confirm.tsx'
import { When, type ChosenTime } from './when.tsx'
import { countOf, type Figures } from './words.ts'

export interface PlanProps {
  readonly issue: string
  readonly plan: Loaded<IssueSendingPlan>
  readonly timeZone: string
  readonly figures: Figures
  readonly tiers: Readonly<Record<'subscriber' | 'member', string>>
  readonly take: (answer: IssueSending) => void
  /** Something of it was sent before. */
  readonly again: boolean
}

/** Whom the issue would go to, what goes out, what keeps it back, when; and the way to send it. */
export function Plan(props: PlanProps) {
  const { issue, plan, figures, tiers, again } = props
  const [chosen, setTo] = useState<SendingTo>('everybody')
  const [time, setTime] = useState<ChosenTime>({ kind: 'now' })
  const [confirming, setConfirming] = useState(false)
  if (plan.value === null)
    return plan.error === null ? (
      <p class="loading send-loading">Counting who would get it, and building what goes out …</p>
    ) : (
      <Notice tone="error">{plan.error}</Notice>
    )
  const { audience, server, mode, blocks, notes, before } = plan.value
  // A choice of whom nobody is left of is none.
  const to = countOf(plan.value, chosen) > 0 ? chosen : 'everybody'
  const count = countOf(plan.value, to)
  if (again && mode === 'again' && audience.total === 0)
    return (
      <section aria-labelledby="send-plan">
        <h2 id="send-plan">Send it again</h2>
        <p>
          Everybody who is subscribed has it, or may have it. Whoever confirms from now on can be sent it
          here, and nobody gets it twice.
        </p>
      </section>
    )
  const ready = blocks.length === 0 && count > 0 && time.kind !== 'wrong'
  return (
    <>
      <section class="send-plan" aria-labelledby="send-plan">
        <h2 id="send-plan" class={server.kind === 'outbox' ? 'send-reach outbox' : 'send-reach'}>
          {reachOf(plan.value, count, figures)}
        </h2>
        <p class="soft">
          {mode === 'again' && before !== null
            ? `It went out on ${before.at.words}. This is for those it has not reached: nobody gets it twice.`
            : mode === 'corrected'
              ? 'It was cancelled in mid-send. This goes, as it is now, to those it had not reached: nobody gets it twice.'
              : server.kind === 'outbox'
                ? 'No mail server is set: nobody outside gets anything. A rehearsal never counts as sent, and setting a server sends nothing by itself: the issue goes out when you send it here then.'
                : `Each person gets it once, through ${server.label}. A message that was sent cannot be called back.`}
        </p>
        {notes.map((note) => (
          <Notice key={note} tone="info">
            {note}
          </Notice>
        ))}
        <Blocks issue={issue} blocks={blocks} />
        {audience.total === 0 && mode === 'first' && (
          <p>
            <a href={href({ screen: 'people', person: null })}>Add people, or import a list</a>
          </p>
        )}
      </section>
      <Audience plan={plan.value} to={to} onChoose={setTo} figures={figures} tiers={tiers} />
      <WhatGoesOut issue={issue} plan={plan.value} />
      <section class="send-when" aria-labelledby="send-when">
        <h2 id="send-when">When</h2>
        <When {...{ time, setTime, timeZone: props.timeZone, due: plan.value.due }} />
        <div class="send-go">
          <Button kind="primary" disabled={!ready} onClick={() => setConfirming(true)}>
            {`${time.kind === 'at' ? 'Schedule for' : server.kind !== 'outbox' ? 'Send to' : before === null ? 'Rehearse for' : 'Rehearse again for'} ${figures.people(count)} …`}
          </Button>
          <p class="soft">
            {blocks.length > 0
              ? 'What stands above keeps it from being sent.'
              : time.kind === 'wrong'
                ? 'Choose a time first.'
                : 'You are asked once more, and nothing goes out before that.'}
          </p>
        </div>
      </section>
      {confirming && time.kind !== 'wrong' && (
        <Confirm
          {...{ issue, to, count, time, figures, tiers }}
          plan={plan.value}
          onStale={plan.reload}
          onClose={() => setConfirming(false)}
          onStarted={(answer) => {
            setConfirming(false)
            setTime({ kind: 'now' })
            props.take(answer)
          }}
        />
      )}
    </>
  )
}

function reachOf({ server, blocks }: IssueSendingPlan, count: number, { people }: Figures): string {
  return server.kind === 'outbox'
    ? 'A rehearsal: this goes to the outbox alone'
    : count === 0
      ? 'Nobody would get this yet'
      : `This ${blocks.length > 0 ? 'would reach' : 'reaches'} ${people(count)}`
}

function WhatGoesOut({ issue, plan }: { readonly issue: string; readonly plan: IssueSendingPlan }) {
  const { subject, from, replyTo, server, approval, mode } = plan
  const rows: readonly (readonly [string, string | null])[] = [
    ['Subject', subject],
    ['From', from],
    ['Replies go to', replyTo ?? from],
    ['Through', server.kind === 'outbox' ? 'the outbox, on this machine' : server.label],
    [
      'On the site',
      server.kind === 'outbox'
        ? 'not put there by a rehearsal'
        : mode === 'again'
          ? 'as it was sent'
          : 'put there when the send starts',
    ],
  ]
  return (
    <section aria-labelledby="send-what">
      <h2 id="send-what">What goes out</h2>
      <dl class="send-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value ?? <span class="soft">not known while it cannot be built</span>}</dd>
          </div>
        ))}
        <div>
          <dt>Approval</dt>
          <dd>
            {approval ?? <span class="soft">its files cannot be read</span>}{' '}
            <a href={href({ screen: 'issue', issue, tab: 'approve' })}>Approve</a>
            {' · '}
            <a href={href({ screen: 'issue', issue, tab: 'preview' })}>Preview</a>
          </dd>
        </div>
      </dl>
    </section>
  )
}
