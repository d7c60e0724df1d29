import { useState } from 'preact/hooks'
import type { MadeDraft } from '../../../contract/draft.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
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
    <Dialog
      title="New brief"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" disabled={busy || title.trim() === ''} onClick={make}>
            Make the brief
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (title.trim() !== '') make()
        }}
      >
        <Field
          label="Title"
          value={title}
          onInput={setTitle}
          help={`It becomes a file in briefs/${issue}/, and the title can be changed later.`}
        />
      </form>
      {error !== null && <Notice tone="error">{error}</Notice>}
    </Dialog>
  )
}
