import { useId, useRef, useState } from 'preact/hooks'
import type { Readiness } from '../../contract/issues.ts'
import { useDismiss } from './dismiss.ts'
import { ReadinessList } from './readiness-list.tsx'

const words = { unknown: 'Checking', blocked: 'Not ready', open: 'To do', ready: 'Ready' } as const

/** The one light of an issue, always in sight; what stands in the way folds out below it. */
export function ReadinessLight({
  issue,
  readiness,
}: {
  readonly issue: string
  readonly readiness: Readiness
}) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const { light, sentence, lines, more } = readiness
  useDismiss(box, () => setOpen(false))
  return (
    <div class="readiness" ref={box}>
      <button
        type="button"
        class={`light ${light}`}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span class="lamp" aria-hidden="true" />
        {words[light]}
        {light === 'blocked' && <span class="number">{lines.length + more}</span>}
      </button>
      <div class="readiness-lines" id={id} hidden={!open}>
        {lines[0]?.text !== sentence && <p>{sentence}</p>}
        <ReadinessList {...{ issue, lines, more }} />
      </div>
    </div>
  )
}
