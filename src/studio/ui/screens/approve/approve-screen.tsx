import { useState } from 'preact/hooks'
import type { Readiness } from '../../../contract/issues.ts'
import { Notice } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { useRemembered } from '../../shell/remembered.ts'
import { href } from '../../shell/routes.ts'
import { History } from './history.tsx'
import { ReadinessList } from '../../shell/readiness-list.tsx'
import { SinceApproval } from './since-approval.tsx'
import { SourceList } from './source-list.tsx'
import { Standing } from './standing.tsx'
import { StepForm } from './step-form.tsx'
import { useApproval } from './use-approval.ts'
import '../compare/compare.css'
import './approve.css'

/** From draft to approved, and the sources ticked off. */
export function ApproveScreen({ issue, head, shelf }: IssueScreenProps) {
  const desk = useApproval(issue)
  const [name, setName] = useRemembered('name', '', (text) => text)
  const [nameWanted, setNameWanted] = useState(false)
  const timeZone = shelf?.publication?.timeZone ?? 'UTC'
  const { sheet, error, refused } = desk
  if (sheet === null)
    return error === null ? (
      <p class="loading">Looking where it stands …</p>
    ) : (
      <div class="page">
        <Notice tone="error">{error}</Notice>
      </div>
    )
  const blocking = blockingOf(head?.readiness ?? null)
  return (
    <div class="page approve">
      <Standing sheet={sheet} timeZone={timeZone} />
      {error !== null && <Notice tone="error">{error}</Notice>}
      {sheet.standing.state === 'void' && <SinceApproval issue={issue} sheet={sheet} />}
      {blocking !== null && <Blocking issue={issue} readiness={blocking} />}
      {head?.state === 'scheduled' && (
        <Notice tone="info">
          <p>
            It is <a href={href({ screen: 'issue', issue, tab: 'send' })}>scheduled</a>, as it was then. Sent
            back, it does not start; changed, what was approved goes out.
          </p>
        </Notice>
      )}
      {refused !== null && (
        <Notice tone="error" title="Not recorded">
          {refused}
        </Notice>
      )}
      <StepForm
        sheet={sheet}
        name={name}
        onName={setName}
        nameWanted={nameWanted}
        onNameWanted={() => setNameWanted(true)}
        blocked={blocking !== null}
        onStep={async (step, note) => {
          const recorded = await desk.step(step, name, note)
          // The button that was pressed may be gone.
          if (recorded) document.getElementById('approve-standing')?.focus()
          return recorded
        }}
      />
      <section aria-labelledby="approve-sources">
        <h3 id="approve-sources">Sources</h3>
        <SourceList
          issue={issue}
          sheet={sheet}
          timeZone={timeZone}
          ticking={desk.ticking}
          onTick={(source, ticked) => {
            if (name.trim() !== '') return void desk.tick(source, ticked, name)
            setNameWanted(true)
            document.querySelector<HTMLElement>('.approve-form input')?.focus()
          }}
        />
      </section>
      <section aria-labelledby="approve-history">
        <h3 id="approve-history">History</h3>
        <History issue={issue} history={sheet.history} timeZone={timeZone} />
      </section>
    </div>
  )
}

/** What must be mended; null: nothing. That it is not approved yet is no reason not to. */
function blockingOf(readiness: Readiness | null): Readiness | null {
  if (readiness === null || readiness.light !== 'blocked') return null
  return { ...readiness, lines: readiness.lines.filter(({ screen }) => screen !== 'approve') }
}

function Blocking({ issue, readiness }: { readonly issue: string; readonly readiness: Readiness }) {
  const { sentence, lines, more } = readiness
  return (
    <Notice tone="error" title={sentence}>
      <ReadinessList {...{ issue, lines, more }} />
    </Notice>
  )
}
