import { useState } from 'preact/hooks'
import type { IssueSending, SendingStatus, SteerRequest } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Notice, Progress } from '../../parts/notice.tsx'
import { useAct, type Act } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { useStays } from './use-stays.ts'
import { duration, stateRows, type Figures } from './words.ts'

export interface LiveSendProps {
  readonly issue: string
  readonly status: SendingStatus
  readonly figures: Figures
  readonly take: (answer: IssueSending) => void
}

/** A send on its way: how far, how fast, what it waits for, and the ways to stop it. */
export function LiveSend({ issue, status, figures, take }: LiveSendProps) {
  const [asking, setAsking] = useState(false)
  const { steer, error, setError } = useSteering(issue, take)
  const ask = (asks: boolean): void => {
    setError(null)
    setAsking(asks)
  }
  const { state, total, waiting, counts, reason, notes, kind, server } = status
  const { number, people } = figures
  const paused = state === 'paused'
  // What its servers put off is tried again by itself.
  const unattended = useStays(state === 'sending' && status.sender === false && waiting > counts.deferred)
  // Until a worker has had the time to begin, that nobody sends is no news.
  const isBeginning =
    state === 'sending' && status.sender === false && waiting > counts.deferred && !unattended
  const putOff = state === 'sending' && waiting > 0 && waiting === counts.deferred
  const done = total - waiting
  const stands = paused || unattended
  // The rate is of the last ten seconds.
  const still = useStays(
    state === 'sending' && status.rate === 0 && reason === null && waiting > counts.deferred,
  )
  // Where nobody sends, and where all is put off, the notes say what it waits for.
  const pace =
    unattended || (putOff && notes.length > 0)
      ? ''
      : still && notes.length === 0
        ? 'Nothing has moved for a while: it waits for the mail server’s answer, and goes on by itself.'
        : paceOf(status, figures)
  return (
    <section class="send-live" aria-labelledby="send-live">
      <h2 id="send-live">
        {paused
          ? 'Paused'
          : state === 'freezing'
            ? 'Starting'
            : putOff
              ? 'Sent, but for what was put off'
              : unattended
                ? 'It stands: nobody is sending'
                : 'Being sent'}
      </h2>
      <p class="soft">
        {kind === 'rehearsal' ? 'A rehearsal: it goes to the outbox alone.' : `Through ${server}.`} Begun{' '}
        {status.startedAt.inFull}.
      </p>
      {state === 'freezing' ? (
        <Progress label="Making the list" value={0} max={1} words={`${people(total)} on the list so far`} />
      ) : (
        <Progress
          label="Sent"
          value={done}
          max={Math.max(1, total)}
          words={`${number(done)} of ${number(total)}`}
        />
      )}
      {pace !== '' && <p class="send-pace">{pace}</p>}
      {reason !== null && (
        <Notice tone="warning" title={paused ? 'It stands' : 'It waits'}>
          {sentence(reason)}
        </Notice>
      )}
      {!isBeginning &&
        notes.map((note) => (
          <Notice key={note} tone="info">
            {note}
          </Notice>
        ))}
      <Counts {...{ counts, kind, figures }} />
      {error !== null && <Notice tone="error">{error}</Notice>}
      <div class="send-steer">
        {stands ? (
          <Button kind="primary" onClick={() => void steer('resume')}>
            Go on
          </Button>
        ) : (
          <Button onClick={() => void steer('pause')}>Pause</Button>
        )}
        <Button kind="danger" onClick={() => ask(true)}>
          Cancel the send …
        </Button>
        <p class="soft">
          {paused
            ? 'Nobody gets anything until you go on. Whoever has it is not sent it again.'
            : unattended
              ? 'Whoever has it is not sent it again.'
              : 'Pause finishes what is on the wire and keeps the rest. You may close this page, or the studio: what is left stays, and goes on when you say so.'}
        </p>
      </div>
      {asking && (
        <Dialog
          title="Cancel this send?"
          onClose={() => ask(false)}
          actions={
            <>
              <Button onClick={() => ask(false)}>Keep sending it</Button>
              <Button
                kind="danger"
                onClick={() => void steer('cancel').then((done) => done && setAsking(false))}
              >
                Cancel the send for good
              </Button>
            </>
          }
        >
          <p>
            {people(waiting)} {waiting === 1 ? 'has' : 'have'} not been sent it, and will not be.{' '}
            {number(counts.accepted)} {counts.accepted === 1 ? 'has' : 'have'} it: a message that was sent
            cannot be called back.
          </p>
          <p>
            This cannot be undone. Afterwards the issue can be corrected, approved, and sent to those it had
            not reached.
          </p>
          {error !== null && <Notice tone="error">{error}</Notice>}
        </Dialog>
      )}
    </section>
  )
}

/** Pauses, goes on or cancels, and says whether it was done; one at a time. */
export function useSteering(
  issue: string,
  take: (answer: IssueSending) => void,
): Pick<Act, 'error' | 'setError'> & {
  readonly steer: (action: SteerRequest['action']) => Promise<boolean>
} {
  const { run, ...act } = useAct()
  const path = apiPath(['issues', issue, 'sending'])
  return {
    ...act,
    steer: (action) =>
      run(async () => take(await post<IssueSending>(path, { action } satisfies SteerRequest))),
  }
}

/** Messages by state, those that there are. */
export function Counts({
  counts,
  kind,
  figures,
}: {
  readonly counts: SendingStatus['counts']
  readonly kind: SendingStatus['kind']
  readonly figures: Figures
}) {
  const shown = stateRows.filter(({ of }, index) => index < 2 || of(counts) > 0)
  return (
    <dl class="send-counts">
      {shown.map(({ name, means, of, tone }) => (
        <div key={name} class={of(counts) > 0 ? tone : undefined}>
          <dt>{name}</dt>
          <dd class="send-count">{figures.number(of(counts))}</dd>
          <dd class="soft">
            {kind === 'rehearsal' && name === 'Accepted' ? 'the outbox has it; nobody was mailed' : means}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function paceOf(
  { state, rate, secondsLeft, nextDue, counts, waiting, total, reason }: SendingStatus,
  { number, people }: Figures,
): string {
  if (state === 'paused') return `${people(waiting)} ${waiting === 1 ? 'waits' : 'wait'}.`
  const parts = [
    ...(rate > 0 ? [`${number(rate < 10 ? rate : Math.round(rate))} a second`] : []),
    ...(secondsLeft === null ? [] : [`about ${duration(secondsLeft)} left`]),
    ...(counts.deferred > 0 && nextDue !== null
      ? [`${people(counts.deferred)} put off by their servers, tried again from ${nextDue.words}`]
      : []),
  ]
  if (parts.length > 0) return `${parts.join(' · ')}.`
  return reason === null && waiting === total ? 'No message has been accepted yet.' : ''
}

/** A reason as a sentence of its own. */
export function sentence(reason: string): string {
  const first = reason.charAt(0).toUpperCase() + reason.slice(1)
  return /[.!?”]$/.test(first) ? first : `${first}.`
}
