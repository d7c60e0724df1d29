import { useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { AddedPerson, NewPerson, SubscriberTier } from '../../../contract/people.ts'
import { Checkbox, Field, Select } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { go, href } from '../../shell/routes.ts'
import { TierSelect } from './tier-select.tsx'
import { newsletterName } from './words.ts'

/** Adds one person, who has agreed to it; who left is asked about. */
export function AddDialog({
  publication,
  onClose,
}: {
  readonly publication: PublicationHead
  readonly onClose: () => void
}) {
  const newsletters = Object.entries(publication.newsletters)
  const [address, setAddress] = useState('')
  const [name, setName] = useState('')
  const [tier, setTier] = useState<SubscriberTier>('subscriber')
  const [newsletter, setNewsletter] = useState(newsletters[0]?.[0] ?? '')
  const [hasLeft, setHasLeft] = useState(false)
  const [again, setAgain] = useState(false)
  const { busy, error, run } = useAct()
  const add = (): Promise<boolean> =>
    run(async () => {
      const body: NewPerson = { address, name, tier, newsletter, again }
      const { outcome, id } = await post<AddedPerson>(apiPath(['people']), body)
      if (id === null) return setHasLeft(true)
      onClose()
      say(
        {
          added: 'They are subscribed.',
          updated: 'They are brought up to date.',
          unchanged: 'They were subscribed already.',
          left: '',
        }[outcome],
      )
      go(href({ screen: 'people', person: id }))
    })
  return (
    <FormDialog
      title="Add a person"
      verb="Add"
      disabled={busy || (hasLeft && !again)}
      class="people-form"
      onSubmit={() => void add()}
      onClose={onClose}
    >
      <p class="soft">Only somebody who has agreed to get it. They are not written to now.</p>
      <Field
        label="Address"
        required
        value={address}
        onInput={(text) => {
          setAddress(text)
          setHasLeft(false)
          setAgain(false)
        }}
        error={error}
      />
      <Field label="Name" value={name} onInput={setName} />
      <TierSelect value={tier} onChange={setTier} publication={publication} />
      {newsletters.length > 1 && (
        <Select
          label="Newsletter"
          value={newsletter}
          onChange={setNewsletter}
          options={newsletters.map(([value, label]) => ({ value, label }))}
        />
      )}
      {hasLeft && (
        <Notice tone="warning" title={`They left ${newsletterName(publication, newsletter)}`}>
          <p>Who left comes back only by their own word.</p>
          <Checkbox label="They have asked to come back" checked={again} onChange={setAgain} />
        </Notice>
      )}
    </FormDialog>
  )
}
