import { useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { Erased, EraseRequest, Person, PersonChange, SubscriberTier } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { FormDialog } from '../../parts/form-dialog.tsx'
import { Notice } from '../../parts/notice.tsx'
import { say } from '../../parts/toast.tsx'
import { useAct } from '../../shell/act.ts'
import { apiPath, post } from '../../shell/api.ts'
import { go, href } from '../../shell/routes.ts'
import { TierSelect } from './tier-select.tsx'
import { newsletterName } from './words.ts'

/** What somebody is about to do with a person. */
export type PersonAct =
  | { readonly kind: 'set' }
  | { readonly kind: 'unsubscribe'; readonly newsletter: string | null }
  | { readonly kind: 'suppress' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'erase' }

export interface PersonDialogProps {
  readonly person: Person
  readonly publication: PublicationHead | null
  readonly act: PersonAct
  readonly onClose: () => void
}

export function PersonDialog(props: PersonDialogProps) {
  const { act } = props
  switch (act.kind) {
    case 'set':
      return <SetDialog {...props} />
    case 'unsubscribe':
      return <UnsubscribeDialog {...props} newsletter={act.newsletter} />
    case 'suppress':
      return <SuppressDialog {...props} />
    case 'pause':
      return <PauseDialog {...props} />
    case 'erase':
      return <EraseDialog {...props} />
  }
}

/** Asks the studio for a change, and closes once it is done. */
function useChange({ person, onClose }: PersonDialogProps) {
  const { error, busy, run } = useAct()
  const change = (body: PersonChange, done: string): Promise<boolean> =>
    run(async () => {
      await post<Person>(apiPath(['people', person.subscriber.publicId]), body)
      onClose()
      say(done)
    })
  return { error, busy, change }
}

function SetDialog(props: PersonDialogProps) {
  const { person, publication, onClose } = props
  const { error, busy, change } = useChange(props)
  const [name, setName] = useState(person.subscriber.name ?? '')
  const [tier, setTier] = useState<SubscriberTier>(person.subscriber.tier)
  const save = (): void => void change({ change: 'set', name, tier }, 'It is changed.')
  return (
    <FormDialog
      title="Change a person"
      verb="Save"
      disabled={busy}
      class="people-form"
      onSubmit={save}
      onClose={onClose}
    >
      <Field label="Name" value={name} onInput={setName} error={error} help="Empty: none." />
      <TierSelect value={tier} onChange={setTier} publication={publication} />
      <p class="soft">
        Their address is changed by themselves, on their preferences page: both addresses must say yes.
      </p>
    </FormDialog>
  )
}

function UnsubscribeDialog(props: PersonDialogProps & { readonly newsletter: string | null }) {
  const { publication, newsletter, onClose } = props
  const { error, busy, change } = useChange(props)
  const what = newsletter === null ? 'every newsletter' : newsletterName(publication, newsletter)
  return (
    <FormDialog
      title={`Unsubscribe from ${what}`}
      verb="Unsubscribe"
      kind="danger"
      disabled={busy}
      onSubmit={() => void change({ change: 'unsubscribe', newsletter }, `They are off ${what}.`)}
      onClose={onClose}
    >
      <p>
        They get no more of it, also of what is being sent now. Who left comes back only by their own word.
      </p>
      {error !== null && <Notice tone="error">{error}</Notice>}
    </FormDialog>
  )
}

function SuppressDialog(props: PersonDialogProps) {
  const { onClose } = props
  const { error, busy, change } = useChange(props)
  const [note, setNote] = useState('')
  const suppress = (): void =>
    void change({ change: 'suppress', note }, 'Nothing is sent to this address any more.')
  return (
    <FormDialog
      title="Never write to this address again"
      verb="Suppress"
      kind="danger"
      disabled={busy}
      class="people-form"
      onSubmit={suppress}
      onClose={onClose}
    >
      <p>
        No newsletter and no letter goes there, whatever a file or a form says later. This cannot be taken
        back here.
      </p>
      <Field
        label="Why"
        value={note}
        onInput={setNote}
        error={error}
        help="A few words for your colleagues."
      />
    </FormDialog>
  )
}

function PauseDialog(props: PersonDialogProps) {
  const { person, onClose } = props
  const { error, busy, change } = useChange(props)
  const isPaused = person.subscriber.subscriptions.some(({ state }) => state === 'paused')
  const [weeks, setWeeks] = useState('4')
  const pause = (count: number): void =>
    void change(
      { change: 'pause', weeks: count },
      count === 0 ? 'The pause is over.' : 'Nothing is sent to them until then.',
    )
  return (
    <Dialog
      title={isPaused ? 'Their pause' : 'Send them nothing for a while'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isPaused && (
            <Button disabled={busy} onClick={() => pause(0)}>
              End the pause
            </Button>
          )}
          <Button kind="primary" disabled={busy} onClick={() => pause(Number(weeks))}>
            Pause
          </Button>
        </>
      }
    >
      <p>
        They get no issue of any newsletter until then, and stay subscribed. They can end it themselves, on
        their preferences page.
      </p>
      <Select
        label="From now on, for"
        value={weeks}
        onChange={setWeeks}
        options={[1, 2, 4, 8, 12, 26, 52].map((count) => ({
          value: String(count),
          label: count === 1 ? '1 week' : `${count} weeks`,
        }))}
      />
      {error !== null && <Notice tone="error">{error}</Notice>}
    </Dialog>
  )
}

function EraseDialog({ person, onClose }: PersonDialogProps) {
  const { address, publicId } = person.subscriber
  const [typed, setTyped] = useState('')
  const { error, busy, run } = useAct()
  const [erased, setErased] = useState<Erased | null>(null)
  const erase = (): Promise<boolean> =>
    run(async () => {
      const body: EraseRequest = { typed }
      setErased(await post<Erased>(apiPath(['people', publicId, 'erase']), body))
    })
  const leave = (): void => {
    onClose()
    go(href({ screen: 'people', person: null }))
  }
  if (erased !== null)
    return (
      <Dialog title="They are erased" onClose={leave}>
        <p role="status">
          Address, name, consents and the mail to them in the outbox are deleted. A keyed hash keeps the
          address from being imported again.
        </p>
        {erased.copies.length > 0 && (
          <>
            <p>These copies of the store, kept before an upgrade or a restore, may still hold them:</p>
            <ul>
              {erased.copies.map((file) => (
                <li key={file}>
                  <code>{file}</code>
                </li>
              ))}
            </ul>
          </>
        )}
        <p>Backups made before still hold them, until you delete those; after a restore, erase them again.</p>
      </Dialog>
    )
  return (
    <FormDialog
      title="Erase a person"
      verb="Erase for good"
      kind="danger"
      disabled={busy || typed.trim() === ''}
      class="people-form"
      onSubmit={() => void erase()}
      onClose={onClose}
    >
      <p>
        Everything that is kept of <strong class="people-address">{address}</strong> is deleted, also what was
        sent to them in the outbox. It cannot be undone.
      </p>
      <Field label="Type their address" value={typed} onInput={setTyped} error={error} />
    </FormDialog>
  )
}
