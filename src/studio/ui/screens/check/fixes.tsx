import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { CheckFinding } from '../../../contract/check.ts'
import type { Fix } from '../../../contract/fix.ts'
import { ApiError, sentenceOf } from '../../shell/api.ts'
import { FixPreview } from './fix-change.tsx'
import type { Mending } from './mend.ts'
import { WordsQuestion } from './question.tsx'
import { SourceQuestion } from './source-question.tsx'

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
  const Asked = asking?.asks === 'source' ? SourceQuestion : WordsQuestion
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
        <Asked
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
