import { useState } from 'preact/hooks'
import type { IssueSending, IssueSendingPlan, SendingTo, SendRequest } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import type { ChosenTime } from './when.tsx'
import { readNumber, type Figures } from './words.ts'

export interface ConfirmProps {
  readonly issue: string
  readonly plan: IssueSendingPlan
  readonly to: SendingTo
  readonly count: number
  readonly time: Exclude<ChosenTime, { readonly kind: 'wrong' }>
  readonly figures: Figures
  readonly tiers: Readonly<Record<'subscriber' | 'member', string>>
  readonly onClose: () => void
  readonly onStarted: (answer: IssueSending) => void
  /** The server says that the plan is another by now. */
  readonly onStale: () => void
}

/**
 * Says once more to whom, what and through what; it goes out when the number was typed and the button pressed.
 * The Enter key in the field sends nothing.
 */
export function Confirm(props: ConfirmProps) {
  const { issue, plan, to, count, time, figures, tiers } = props
  const [typed, setTyped] = useState('')
  const { busy, error, setError, run } = useAct()
  const rehearsal = plan.server.kind === 'outbox'
  const moves = plan.scheduled !== null && plan.scheduled.held === null
  const verb = moves ? 'Move it' : time.kind === 'at' ? 'Schedule' : rehearsal ? 'Rehearse' : 'Send'
  const of =
    to === 'everybody'
      ? (['subscriber', 'member'] as const)
          .map((tier) => `${tiers[tier]}: ${figures.number(plan.audience[tier])}`)
          .join(', ')
      : `only tier “${tiers[to]}”`

  const given = readNumber(typed)
  const wrong =
    given === count
      ? null
      : given === null
        ? `Type the number ${figures.number(count)}: nothing was sent.`
        : `${figures.number(given)} is not the number of people, ${figures.number(count)}: nothing was sent.`

  const send = async (): Promise<void> => {
    if (busy) return
    if (given === null || wrong !== null) return setError(wrong)
    const at = time.kind === 'at' ? time.at : null
    const request: SendRequest = { typed: given, to, through: plan.server.kind, at }
    await run(async () => {
      const answer = post<IssueSending>(apiPath(['issues', issue, 'send']), request)
      answer.catch(props.onStale)
      props.onStarted(await answer)
    })
  }

  return (
    <Dialog
      title={
        moves && time.kind === 'at'
          ? `Move it to ${time.words}?`
          : rehearsal
            ? `${verb} into the outbox?`
            : `${verb} to ${figures.people(count)}?`
      }
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>Not now</Button>
          <Button kind="primary" onClick={() => void send()}>
            {busy ? 'One moment …' : verb}
          </Button>
        </>
      }
    >
      <dl class="send-facts">
        <div>
          <dt>To</dt>
          <dd>
            {figures.people(count)} of {plan.newsletter?.name ?? 'the newsletter'} ({of})
          </dd>
        </div>
        <div>
          <dt>What</dt>
          <dd>{plan.subject ?? issue}</dd>
        </div>
        <div>
          <dt>Through</dt>
          <dd>{rehearsal ? 'the outbox alone' : plan.server.label}</dd>
        </div>
        <div>
          <dt>When</dt>
          <dd>{time.kind === 'at' ? `${time.words}, ${time.inWords}` : 'now'}</dd>
        </div>
      </dl>
      {/* The Enter key is too near to the number: it sends nothing here, and says what would. */}
      <div
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          setError(wrong ?? `The number is right, and nothing was sent yet: press “${verb}”.`)
        }}
      >
        <Field
          label={`Type ${figures.number(count)}, the number of people`}
          value={typed}
          onInput={(text) => {
            setTyped(text)
            setError(null)
          }}
          error={error}
          help={`Then press “${verb}”.`}
        />
      </div>
      <p class="visually-hidden" role="alert">
        {error}
      </p>
    </Dialog>
  )
}
