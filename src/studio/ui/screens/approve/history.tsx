import type { ApprovalSheet } from '../../../contract/approval.ts'
import { momentInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'

const did = {
  draft: 'sent it back to draft',
  review: 'handed it over for review',
  approved: 'approved it',
} as const

/** Every step that was taken, latest first. */
export function History({
  issue,
  history,
  timeZone,
}: {
  readonly issue: string
  readonly history: ApprovalSheet['history']
  readonly timeZone: string
}) {
  if (history.length === 0) return <p class="soft">Nothing has been recorded yet.</p>
  const newest = history.find(({ editions }) => editions !== null)
  return (
    <ol class="approve-history">
      {history.map((step, index) => {
        const version = step === newest ? 'approved' : `approval-${history.length - index}`
        return (
          <li key={step.at}>
            <time dateTime={new Date(step.at).toISOString()}>{momentInWords(step.at, timeZone)}</time>
            <span>
              <strong>{step.by}</strong> {did[step.step]}
              {step.editions !== null && (
                <>
                  {' '}
                  <a href={`${href({ screen: 'issue', issue, tab: 'compare' })}?from=${version}&to=now`}>
                    Compare with now
                  </a>
                </>
              )}
              {step.note !== null && <q class="approve-quote">{step.note}</q>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
