import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { CheckFinding } from '../../../contract/check.ts'
import type { Fix, FixChange } from '../../../contract/fix.ts'
import type { SourceList } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { apiPath, ApiError, sentenceOf } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { FixPreview } from './fix-change.tsx'
import type { Mending } from './mend.ts'

export interface FixesProps {
  readonly finding: CheckFinding
  readonly mending: Mending
  /** Numbers before the labels: the keys that press them. */
  readonly numbered?: boolean
}

/** The ways to mend a finding: one press each, or one question first. What it would change is seen before. */
export function Fixes({ finding, mending, numbered = false }: FixesProps) {
  const [asking, setAsking] = useState<Fix | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const alive = useRef(true)
  useEffect(() => () => void (alive.current = false), [])
  const run = async (fix: Fix, answer: string | null): Promise<void> => {
    // A button that is disabled while it works would lose the focus.
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await mending.run(finding, fix, answer)
      if (alive.current) setAsking(null)
    } catch (failed) {
      if (alive.current) setError(wordsOf(failed))
    } finally {
      if (alive.current) setBusy(false)
    }
  }
  const leave = (): void => {
    setAsking(null)
    setError(null)
    // After the buttons are there again.
    setTimeout(() =>
      box.current?.querySelector<HTMLElement>(`[data-fix="${asking?.id ?? ''}"] button`)?.focus(),
    )
  }
  if (finding.fixes.length === 0) return null
  return (
    <div class="check-fixes" ref={box}>
      {asking === null ? (
        <div class="check-fix-row" role="group" aria-label="Ways to mend it">
          {finding.fixes.map((fix, index) => (
            <FixButton
              key={fix.id}
              fix={fix}
              number={numbered ? index + 1 : null}
              onPress={() => {
                setError(null)
                if (fix.asks === null) void run(fix, null)
                else setAsking(fix)
              }}
            />
          ))}
        </div>
      ) : (
        <Question
          {...{ finding, mending }}
          fix={asking}
          onAnswer={(answer) => void run(asking, answer)}
          onLeave={leave}
        />
      )}
      {busy && (
        <p class="check-busy" role="status">
          {asking === null ? 'Being done …' : 'Being tried …'}
        </p>
      )}
      {error !== null && (
        <p class="check-refused" role="alert">
          {error}
        </p>
      )}
    </div>
  )
}

function wordsOf(failed: unknown): string {
  return failed instanceof ApiError || !(failed instanceof Error) ? sentenceOf(failed) : failed.message
}

function FixButton({
  fix,
  number,
  onPress,
}: {
  readonly fix: Fix
  readonly number: number | null
  readonly onPress: () => void
}) {
  const id = useId()
  return (
    <span class="check-fix" data-fix={fix.id}>
      <button
        type="button"
        class="button"
        aria-describedby={fix.change === null ? undefined : id}
        onClick={onPress}
      >
        {number !== null && <kbd>{number}</kbd>}
        {fix.asks === null ? fix.label : `${fix.label} …`}
      </button>
      {fix.change !== null && <FixPreview change={fix.change} id={id} />}
    </span>
  )
}

interface QuestionProps extends Omit<FixesProps, 'numbered'> {
  readonly fix: Fix
  readonly onAnswer: (answer: string) => void
  readonly onLeave: () => void
}

/** What has to be said before a fix can be made. */
function Question({ finding, mending, fix, onAnswer, onLeave }: QuestionProps) {
  const [answer, setAnswer] = useState('')
  const [missing, setMissing] = useState(false)
  const [change, setChange] = useState<FixChange | null>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus(), [])
  useEffect(() => {
    setChange(null)
    if (fix.asks !== 'source' || answer === '') return
    let left = false
    // What it would look like is a help; why it cannot be is said when it is pressed.
    mending.preview(finding, fix, answer).then(
      (found) => !left && setChange(found),
      () => undefined,
    )
    return () => {
      left = true
    }
  }, [answer])
  const wanted = missing && answer.trim() === '' ? words[fix.asks ?? 'reason'].missing : null
  return (
    <form
      class="check-question"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        if (answer.trim() === '') setMissing(true)
        else onAnswer(answer.trim())
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onLeave()
      }}
    >
      {fix.asks === 'source' ? (
        <SourceField issue={mending.issue} value={answer} onChange={setAnswer} error={wanted} />
      ) : (
        <Field
          label={words[fix.asks ?? 'reason'].label}
          help={words[fix.asks ?? 'reason'].help}
          value={answer}
          onInput={setAnswer}
          error={wanted}
          {...(fix.asks === 'reason' ? { rows: 2 } : {})}
        />
      )}
      {change !== null && <FixPreview change={change} />}
      <div class="check-fix-row">
        <Button kind="primary" submit>
          {fix.label}
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

const words = {
  reason: {
    label: 'Why is this right all the same?',
    help: 'It is published with the sourcing of the issue.',
    missing: 'Give a reason: readers get to see it.',
  },
  description: {
    label: 'What does the image show?',
    help: 'In a few words, for whoever does not see it.',
    missing: 'Say what the image shows.',
  },
  title: {
    label: 'What is the page called?',
    help: 'Its headline as it stands there, or a description [in brackets]. Its dates are in the ledger.',
    missing: 'Write its title.',
  },
  source: { label: 'Source', help: '', missing: 'Choose a source.' },
} as const

function SourceField({
  issue,
  value,
  onChange,
  error,
}: {
  readonly issue: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | null
}) {
  const list = useLoaded<SourceList>(apiPath(['issues', issue, 'sources']))
  const sources = list.value?.sources ?? []
  return (
    <Select
      label="Source"
      value={value}
      error={list.error ?? error}
      onChange={onChange}
      options={[
        { value: '', label: list.value === null ? 'Being read …' : 'Choose …' },
        ...sources.map(({ id, publisher, title }) => ({
          value: id,
          label: `${publisher}: ${title} (${id})`,
        })),
      ]}
    />
  )
}
