import { useEffect, useRef, useState } from 'preact/hooks'
import type { FixChange } from '../../../contract/fix.ts'
import type { SourceList } from '../../../contract/sources.ts'
import { Button } from '../../parts/button.tsx'
import { Select } from '../../parts/field.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { FixPreview } from './fix-change.tsx'
import { QuestionForm, type QuestionProps } from './question.tsx'

/** Which source is cited: one of the ledger, or one that the draft’s picker finds or makes of an address. */
export function SourceQuestion({ finding, mending, fix, onAnswer, onLeave }: QuestionProps) {
  const list = useLoaded<SourceList>(apiPath(['issues', mending.issue, 'sources']))
  const [answer, setAnswer] = useState('')
  const [missing, setMissing] = useState(false)
  const [change, setChange] = useState<FixChange | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const isEmpty = list.value?.sources.length === 0
  useEffect(() => {
    setChange(null)
    if (answer === '') return
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
  useEffect(() => {
    // The list that had focus is not there any more.
    if (isEmpty) box.current?.querySelector<HTMLElement>('a, button')?.focus()
  }, [isEmpty])
  const options = (list.value?.sources ?? []).map(({ id, publisher, title }) => ({
    value: id,
    label: `${publisher}: ${title} (${id})`,
  }))
  return (
    <QuestionForm onAnswer={() => (answer === '' ? setMissing(true) : onAnswer(answer))} onLeave={onLeave}>
      {isEmpty ? (
        <p>The ledger has no sources yet. The address of a page is enough to add one.</p>
      ) : (
        <Select
          label="Source"
          value={answer}
          error={list.error ?? (missing && answer === '' ? 'Choose a source.' : null)}
          onChange={setAnswer}
          options={[{ value: '', label: list.value === null ? 'Being read …' : 'Choose …' }, ...options]}
        />
      )}
      {change !== null && <FixPreview change={change} />}
      <div class="check-fix-row" ref={box}>
        {!isEmpty && (
          <Button kind="primary" submit>
            {fix.label}
          </Button>
        )}
        {fix.place !== undefined && (
          <PlaceLink
            class={isEmpty ? 'button primary' : 'button'}
            issue={mending.issue}
            place={{ ...fix.place, cites: true }}
          >
            Add a source by its address
          </PlaceLink>
        )}
        <Button kind="quiet" onClick={onLeave}>
          Cancel
        </Button>
      </div>
    </QuestionForm>
  )
}
