import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { CheckFinding } from '../../../contract/check.ts'
import type { Fix } from '../../../contract/fix.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import type { Mending } from './mend.ts'

export interface QuestionProps {
  readonly finding: CheckFinding
  readonly mending: Mending
  readonly fix: Fix
  readonly onAnswer: (answer: string) => void
  readonly onLeave: () => void
}

/** The frame of a question: what is in it first has focus, Enter answers and Escape leaves. */
export function QuestionForm({
  children,
  onAnswer,
  onLeave,
}: {
  readonly children: ComponentChildren
  readonly onAnswer: () => void
  readonly onLeave: () => void
}) {
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus(), [])
  return (
    <form
      class="check-question"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault()
        onAnswer()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        onLeave()
      }}
    >
      {children}
    </form>
  )
}

/** What has to be said, in words, before a fix can be made. */
export function WordsQuestion({ fix, onAnswer, onLeave }: QuestionProps) {
  const [answer, setAnswer] = useState('')
  const [missing, setMissing] = useState(false)
  const asks = fix.asks === 'description' || fix.asks === 'title' ? fix.asks : 'reason'
  const given = answer.trim()
  return (
    <QuestionForm onAnswer={() => (given === '' ? setMissing(true) : onAnswer(given))} onLeave={onLeave}>
      <Field
        label={words[asks].label}
        help={words[asks].help}
        value={answer}
        onInput={setAnswer}
        error={missing && given === '' ? words[asks].missing : null}
        {...(asks === 'reason' ? { rows: 2 } : {})}
      />
      <div class="check-fix-row">
        <Button kind="primary" submit>
          {fix.label}
        </Button>
        <Button kind="quiet" onClick={onLeave}>
          Cancel
        </Button>
      </div>
    </QuestionForm>
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
} as const
