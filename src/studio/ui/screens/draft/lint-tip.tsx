import type { TooltipView } from '@codemirror/view'
import { render } from 'preact'
import type { CheckFinding, RuleWords } from '../../../contract/check.ts'
import { SeveritySign } from '../check/finding.tsx'
import { Fixes } from '../check/fixes.tsx'
import { mendingOf } from '../check/mend.ts'
import type { OpenFile } from './editor-part.ts'

export interface OpenTip {
  readonly issue: string
  readonly open: OpenFile | null
  readonly finding: CheckFinding
  readonly rule: RuleWords | undefined
  /** Told of the key of what was mended. */
  readonly onMended: (key: string) => void
  readonly onClose: () => void
  /** To the finding after or before. */
  readonly onStep: (step: 1 | -1) => void
  /** It stays until it is closed; otherwise it goes with the pointer. */
  readonly isKept: boolean
}

/** The card at a finding’s place. */
export function openTip(tip: OpenTip): TooltipView {
  const dom = document.createElement('div')
  dom.className = 'check-box'
  render(<Tip {...tip} />, dom)
  return { dom, destroy: () => render(null, dom) }
}

function Tip({ issue, open, finding, rule, onMended, onClose, onStep, isKept }: OpenTip) {
  const mending = mendingOf(issue, open, ({ key }) => onMended(key))
  const onKeyDown = (event: KeyboardEvent): void => {
    const isTyped = event.target instanceof Element && event.target.matches('input, textarea, select')
    if (event.key === 'Escape') onClose()
    else if (event.key === 'F8') onStep(event.shiftKey ? -1 : 1)
    else if (!isTyped && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const card = event.currentTarget as HTMLElement
      const button = card.querySelectorAll<HTMLElement>('.check-fix > button')[Number(event.key) - 1]
      if (button === undefined) return
      button.click()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="check-tip" role="dialog" aria-label={finding.message} onKeyDown={onKeyDown}>
      <div class="check-tip-head">
        <SeveritySign severity={finding.severity} />
        <div>
          <p class="check-message">{finding.message}</p>
          {finding.hint !== null && <p class="soft">{finding.hint}</p>}
        </div>
      </div>
      {rule !== undefined && (
        <details class="check-why">
          <summary>Why this matters</summary>
          <p>{rule.why}</p>
        </details>
      )}
      <Fixes finding={finding} mending={mending} numbered />
      {isKept && (
        <p class="check-tip-foot">
          <kbd>{/Mac/u.test(navigator.platform) ? '⌘.' : 'Ctrl+.'}</kbd> to here, <kbd>F8</kbd> to the next,{' '}
          <kbd>Esc</kbd> closes
        </p>
      )}
    </div>
  )
}
