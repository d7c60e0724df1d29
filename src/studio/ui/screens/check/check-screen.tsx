import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Notice } from '../../parts/notice.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { say } from '../../parts/toast.tsx'
import { apiPath, put, sentenceOf } from '../../shell/api.ts'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'
import { Compat, useCompat } from '../compat/compat.tsx'
import { Findings } from './findings.tsx'
import { mendingOf, type WrittenFix } from './mend.ts'
import { useCheck } from './use-check.ts'
import './check.css'

/** What the desk has found in the text, what mail programs make of the mail, and whether its links work. */
export function CheckScreen({ issue, head, shelf }: IssueScreenProps) {
  const [tab, setTab] = useState<string>('text')
  const check = useCheck(issue)
  const compat = useCompat(issue)
  const { mail = null, links } = compat.loaded.value ?? {}
  const { error = 0, warning = 0, info = 0 } = check.value?.counts ?? {}
  const wrong = links?.results.filter(({ state }) => state === 'broken' || state === 'refused').length ?? 0
  const tabs = [
    { id: 'text', label: counted('Text', error + warning + info) },
    { id: 'mail', label: counted('Mail programs and form', mail?.remarks.length ?? 0) },
    { id: 'links', label: counted('Links and images', wrong) },
  ]
  return (
    <div class="page check">
      <h2>{head?.readiness.sentence ?? 'Being checked …'}</h2>
      <Tabs label="Check" tabs={tabs} chosen={tab} onChoose={setTab}>
        {tab === 'text' ? (
          <TextCheck issue={issue} check={check} />
        ) : (
          <Compat {...{ issue, shelf, compat }} shows={tab === 'links' ? 'links' : 'mail'} />
        )}
      </Tabs>
    </div>
  )
}

/** A tab with how many things are under it. */
function counted(label: string, number: number): string {
  return number === 0 ? label : `${label} · ${number}`
}

function TextCheck({
  issue,
  check,
}: {
  readonly issue: string
  readonly check: ReturnType<typeof useCheck>
}) {
  const [written, setWritten] = useState<WrittenFix | null>(null)
  const [error, setError] = useState<string | null>(null)
  const mending = mendingOf(issue, null, (_, next) => {
    setError(null)
    setWritten(next)
  })
  const takeBack = async ({ label, fixed }: WrittenFix): Promise<void> => {
    try {
      await put(apiPath(['file']), { path: fixed.path, text: fixed.before, base: fixed.hash })
      setWritten(null)
      say(`Taken back: ${label}.`)
    } catch (failed) {
      setError(sentenceOf(failed))
    }
  }
  if (check.error !== null && check.value === null) return <Notice tone="error">{check.error}</Notice>
  if (check.value === null) return <p class="loading">Being checked …</p>
  return (
    <>
      <div class="check-done" role="status">
        {written !== null && (
          <>
            <p>
              {written.label}: written to <code>{written.fixed.path}</code>.
            </p>
            <Button onClick={() => void takeBack(written)}>Take it back</Button>
          </>
        )}
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      <Findings check={check.value} mending={mending} />
    </>
  )
}
