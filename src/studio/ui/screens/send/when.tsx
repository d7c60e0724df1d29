import { useEffect, useState } from 'preact/hooks'
import type { IssueSendingPlan, SendingTime } from '../../../contract/sending.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { ApiError, apiPath, get, sentenceOf } from '../../shell/api.ts'

/** When it is to start; `wrong`: a time is still to be chosen. */
export type ChosenTime =
  | { readonly kind: 'now' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'at'; readonly at: string; readonly words: string; readonly inWords: string }

/** Times with an offset, as a refusal names them where the clocks come to a time twice. */
const exact = /\d{4}-\d\d-\d\dT\d\d:\d\d(?:Z|[+-]\d\d:\d\d)/g

/** Now, or at a time of the publication's zone, which is said back in full. */
export function When({
  time,
  setTime,
  timeZone,
  due,
}: {
  readonly time: ChosenTime
  readonly setTime: (time: ChosenTime) => void
  readonly timeZone: string
  /** When it is due by its newsletter's cadence, or null. */
  readonly due: IssueSendingPlan['due']
}) {
  const isDue = due !== null && time.kind === 'at' && time.at === due.at.at
  return (
    <fieldset class="send-time">
      <legend class="visually-hidden">When</legend>
      <label>
        <input
          type="radio"
          name="send-when"
          checked={time.kind === 'now'}
          onChange={() => setTime({ kind: 'now' })}
        />
        Now
      </label>
      {due !== null && (
        <label>
          <input
            type="radio"
            name="send-when"
            checked={isDue}
            onChange={() =>
              setTime({ kind: 'at', at: due.at.at, words: due.at.inFull, inWords: due.inWords })
            }
          />
          When it is due, {due.at.words}
        </label>
      )}
      <label>
        <input
          type="radio"
          name="send-when"
          checked={time.kind !== 'now' && !isDue}
          onChange={() => setTime({ kind: 'wrong' })}
        />
        At a time
      </label>
      {isDue && (
        <div class="send-time-field">
          <Said time={time} />
        </div>
      )}
      {time.kind !== 'now' && !isDue && <TimeField time={time} setTime={setTime} timeZone={timeZone} />}
    </fieldset>
  )
}

/** A time that is read by the server, in the publication's zone. */
export function TimeField({
  time,
  setTime,
  timeZone,
}: {
  readonly time: ChosenTime
  readonly setTime: (time: ChosenTime) => void
  readonly timeZone: string
}) {
  const [text, setText] = useState('')
  const [error, setError] = useState<ApiError | null>(null)
  useEffect(() => {
    setError(null)
    setTime({ kind: 'wrong' })
    if (text === '') return
    const abort = new AbortController()
    get<SendingTime>(apiPath(['sending', 'time'], { at: text }), abort.signal).then(
      ({ at, inWords }) => setTime({ kind: 'at', at: text, words: at.inFull, inWords }),
      (fault: unknown) => !abort.signal.aborted && fault instanceof ApiError && setError(fault),
    )
    return () => abort.abort()
  }, [text])
  const others = error?.hint?.match(exact) ?? []
  return (
    <div class="send-time-field">
      <Field
        label="Day and time"
        help={`In the time zone of the publication, ${timeZone}`}
        type="datetime-local"
        value={text.slice(0, 16)}
        onInput={setText}
        error={error === null ? null : others.length > 0 ? error.message : sentenceOf(error)}
      />
      {others.length > 0 && (
        <p class="toolbar">
          Take instead:
          {others.map((each, index) => (
            <Button key={each} onClick={() => setText(each)}>
              {index === 0 ? 'the first' : 'the second'}, {each.slice(11).replace(/(?=[+-])/, ' UTC')}
            </Button>
          ))}
        </p>
      )}
      <Said time={time} />
    </div>
  )
}

/** What the chosen time means. */
function Said({ time }: { readonly time: ChosenTime }) {
  return (
    <p role="status" class="send-said">
      {time.kind === 'at' && (
        <>
          It starts on <strong>{time.words}</strong>, {time.inWords}. The text goes out as it is now; whoever
          is subscribed by then gets it. Keep the studio open until then, or “onrecord serve” running.
        </>
      )}
    </p>
  )
}
