import { useEffect } from 'preact/hooks'
import type { PartProps, SidePanel } from '../draft/editor-part.ts'
import { setCheck } from '../draft/lint-marks.ts'
import { Notice } from '../../parts/notice.tsx'
import { Findings } from './findings.tsx'
import { mendingOf } from './mend.ts'
import { useCheck } from './use-check.ts'
import './check.css'

/** Gives the open text what the desk has found in it. */
export function CheckedText({ open }: PartProps) {
  const { value } = useCheck(open.issue)
  useEffect(() => {
    if (value !== null) open.view.dispatch({ effects: setCheck.of(value) })
  }, [value, open])
  return null
}

function CheckPanel({ open }: PartProps) {
  const check = useCheck(open.issue)
  const mending = mendingOf(open.issue, open, () => undefined)
  if (check.error !== null && check.value === null) return <Notice tone="error">{check.error}</Notice>
  if (check.value === null) return <p class="loading">Being checked …</p>
  return <Findings check={check.value} mending={mending} beside={open.file.path} />
}

/** The findings beside the text. */
export const checkPanel: SidePanel = {
  id: 'check',
  label: 'Findings',
  shows: () => true,
  Panel: CheckPanel,
}
