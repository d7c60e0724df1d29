import { useState } from 'preact/hooks'
import type { MadeDraft, NewDraft } from '../../../contract/draft.ts'
import type { Shelf } from '../../../contract/issues.ts'
import { Field, Select } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { go, href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'
import './issues.css'

export interface NewDraftDialogProps {
  readonly kind: 'issue' | 'brief'
  readonly shelf: Shelf | null
  /** Where a brief belongs; left out: it is asked for. */
  readonly issue?: string
  readonly onClose: () => void
  /** It is there now. */
  readonly onMade?: () => void
}

/** Asks for a title, makes the files, and opens the editor in them. */
export function NewDraftDialog({ kind, shelf, issue: own, onClose, onMade }: NewDraftDialogProps) {
  const newsletters = Object.entries(shelf?.publication?.newsletters ?? {})
  const open = (shelf?.issues ?? []).filter(({ state }) => state !== 'sent' && state !== 'sending')
  const [title, setTitle] = useState('')
  const [newsletter, setNewsletter] = useState(newsletters[0]?.[0] ?? '')
  const [issue, setIssue] = useState(own ?? open[0]?.id ?? '')
  const [wrong, setWrong] = useState<string | null>(null)
  const { busy, error, run } = useAct()
  const make = async (): Promise<void> => {
    if (title.trim() === '') return setWrong('It needs a title; you can change it later.')
    await run(async () => {
      const body: NewDraft = { title, newsletter: kind === 'issue' ? newsletter : null }
      const path = kind === 'issue' ? apiPath(['issues']) : apiPath(['issues', issue, 'briefs'])
      const made = await post<MadeDraft>(path, body)
      onClose()
      onMade?.()
      say(made.note ?? (kind === 'issue' ? 'The issue is made.' : 'The brief is made.'))
      reveal({ in: 'draft', file: made.path, ...made.begin, column: 1, focus: true })
      go(href({ screen: 'issue', issue: made.issue, tab: 'draft' }))
    })
  }
  return (
    <FormDialog
      title={kind === 'issue' ? 'New issue' : 'New brief'}
      verb={kind === 'issue' ? 'Make the issue' : 'Make the brief'}
      disabled={busy}
      class="issues-new"
      onSubmit={() => void make()}
      onClose={onClose}
    >
      <Field
        label="Title"
        value={title}
        required
        error={wrong}
        onInput={(text) => {
          setTitle(text)
          setWrong(null)
        }}
        help={
          kind === 'issue'
            ? 'It is the subject at first, and names the folder under briefs/.'
            : 'It names the file, beside the other briefs of the issue.'
        }
      />
      {kind === 'issue' && newsletters.length > 1 && (
        <Select
          label="Newsletter"
          value={newsletter}
          onChange={setNewsletter}
          options={newsletters.map(([value, label]) => ({ value, label }))}
        />
      )}
      {kind === 'brief' && own === undefined && (
        <Select
          label="In the issue"
          value={issue}
          onChange={setIssue}
          options={open.map(({ id, subject }) => ({
            value: id,
            label: subject === null ? id : `${subject} (${id})`,
          }))}
        />
      )}
      {error !== null && <Notice tone="error">{error}</Notice>}
    </FormDialog>
  )
}
