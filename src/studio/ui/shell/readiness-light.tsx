import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Readiness, ReadinessLine } from '../../contract/issues.ts'
import { href } from './routes.ts'
import { reveal } from './workspace.ts'

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
  useEffect(() => {
    if (!open) return
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) setOpen(false)
    }
    document.addEventListener('pointerdown', onOutside)
    document.addEventListener('focusin', onOutside)
    return () => {
      document.removeEventListener('pointerdown', onOutside)
      document.removeEventListener('focusin', onOutside)
    }
  }, [open])
  return (
    <div class="readiness" ref={box} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
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
        {lines.length > 0 && (
          <ol>
            {lines.map((line) => (
              <li key={`${line.text}${line.place?.line ?? ''}`}>
                <a
                  href={href({ screen: 'issue', issue, tab: line.place === null ? line.screen : 'draft' })}
                  onClick={() => showPlace(line)}
                >
                  {line.text}
                </a>
                {line.place !== null && <code>{`${line.place.file}:${line.place.line}`}</code>}
              </li>
            ))}
          </ol>
        )}
        {more > 0 && (
          <p>
            <a href={href({ screen: 'issue', issue, tab: 'check' })}>and {more} more</a>
          </p>
        )}
      </div>
    </div>
  )
}

function showPlace({ place }: ReadinessLine): void {
  if (place !== null) reveal({ ...place, in: 'draft', focus: true })
}
