import { useRef, useState } from 'preact/hooks'
import type { ApprovalSheet, NewStep } from '../../../contract/approval.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useAct } from '../../shell/act.ts'
import { isChecked } from './progress.ts'

export interface StepFormProps {
  readonly sheet: ApprovalSheet
  readonly name: string
  readonly onName: (name: string) => void
  /** Said below the name where one is asked for. */
  readonly nameWanted: boolean
  readonly onNameWanted: () => void
  /** Something must be mended first. */
  readonly blocked: boolean
  /** Whether it was recorded. */
  readonly onStep: (step: NewStep['step'], note: string | null) => Promise<boolean>
}

type Step = NewStep['step']

/** Which steps lead on from where an issue stands, the likeliest first. */
const next: Readonly<Record<ApprovalSheet['standing']['state'], readonly Step[]>> = {
  draft: ['review', 'approved'],
  review: ['approved', 'draft'],
  approved: ['draft'],
  void: ['approved', 'review', 'draft'],
}

/** While it is being recorded, which takes seconds on a busy machine. */
const said = {
  draft: 'Sending it back …',
  review: 'Sending it to review …',
  approved: 'Approving …',
} as const satisfies Readonly<Record<Step, string>>

/** Who takes which step, with what words. */
export function StepForm(props: StepFormProps) {
  const { sheet, name, onName, nameWanted, onNameWanted, blocked, onStep } = props
  const { state, decidedBy } = sheet.standing
  const [note, setNote] = useState('')
  const { busy, run } = useAct()
  const [taking, setTaking] = useState<Step | null>(null)
  const [asking, setAsking] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const unchecked = sheet.sources.filter((each) => !isChecked(each))
  // By its file alone it is approved; the first recorded approval makes it so by name.
  const steps: readonly Step[] =
    decidedBy === 'frontmatter' && state === 'approved' ? ['approved', 'review', 'draft'] : next[state]

  const take = async (step: Step): Promise<void> => {
    setAsking(false)
    setTaking(step)
    await run(async () => {
      if (await onStep(step, note.trim() === '' ? null : note)) setNote('')
    })
  }
  const ask = (step: Step): void => {
    if (name.trim() === '') {
      onNameWanted()
      box.current?.querySelector('input')?.focus()
    } else if (step === 'approved' && unchecked.length > 0) setAsking(true)
    else void take(step)
  }
  const labels = {
    draft: 'Back to draft',
    review: 'Send to review',
    approved: state === 'void' ? 'Approve again' : 'Approve',
  } as const

  return (
    <section class="approve-form" aria-label="The next step" ref={box}>
      <Field
        label="Your name"
        help="Kept with each step and each tick; this browser remembers it."
        value={name}
        onInput={onName}
        autocomplete="name"
        required
        error={nameWanted && name.trim() === '' ? 'Say who you are: the record keeps by whom it was.' : null}
      />
      <Field label="Note (if any)" value={note} onInput={setNote} rows={2} />
      <div class="approve-actions">
        {steps.map((step, index) => (
          <Button
            key={step}
            kind={index === 0 && step !== 'draft' ? 'primary' : 'plain'}
            disabled={busy || sheet.hash === null || (step === 'approved' && blocked)}
            onClick={() => ask(step)}
          >
            {labels[step]}
          </Button>
        ))}
        <span role="status">{busy && taking !== null ? said[taking] : ''}</span>
      </div>
      {blocked && <p class="help">It can be approved once what is named above is mended.</p>}
      {asking && (
        <Dialog
          title={`${unchecked.length} of ${sheet.sources.length} sources are not checked`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Look at them first</Button>
              <Button kind="primary" onClick={() => void take('approved')}>
                Approve all the same
              </Button>
            </>
          }
        >
          <ul class="approve-unchecked">
            {unchecked.slice(0, MOST_LISTED).map(({ check, stale }) => (
              <li key={check.id}>
                [{check.number}] {check.publisher}, “{check.title}”
                {stale && ' – changed since it was checked'}
              </li>
            ))}
          </ul>
          {unchecked.length > MOST_LISTED && <p>and {unchecked.length - MOST_LISTED} more.</p>}
        </Dialog>
      )}
    </section>
  )
}

/** Of the sources that are not checked, so many are named. */
const MOST_LISTED = 8
