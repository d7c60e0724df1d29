import { useState } from 'preact/hooks'
import type { MadeDraft } from '../../../contract/draft.ts'
import { Field } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { apiPath, post, sentenceOf } from '../../shell/api.ts'

/** Asks for the title of a new brief, and makes its file. */
export function NewBrief({
  issue,
  onMade,
  onClose,
}: {
  readonly issue: string
  readonly onMade: (made: MadeDraft) => void
  readonly onClose: () => void
}) {
  const [title, setTitle] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const make = (): void => {
    if (busy) return
    setBusy(true)
    post<MadeDraft>(apiPath(['issues', issue, 'briefs']), { title }).then(onMade, (failed: unknown) => {
      setError(sentenceOf(failed))
      setBusy(false)
    })
  }
  return (
    <FormDialog
      title="New brief"
      verb="Make the brief"
      disabled={busy || title.trim() === ''}
      onSubmit={make}
      onClose={onClose}
    >
      <Field
        label="Title"
        value={title}
        onInput={setTitle}
        help={`It becomes a file in briefs/${issue}/, and the title can be changed later.`}
      />
      {error !== null && <Notice tone="error">{error}</Notice>}
    </FormDialog>
  )
}
