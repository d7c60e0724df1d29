import { useEffect, useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { PersonDeliveries, PersonDelivery, ReceivedMessage } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { MessagePane } from '../../parts/message/message-pane.tsx'
import { Badge, Notice } from '../../parts/notice.tsx'
import { apiPath, get, sentenceOf } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { momentInWords } from '../../shell/day.ts'

export interface DeliveriesProps {
  readonly person: string
  readonly publication: PublicationHead | null
}

/** What was sent to a person, the newest first, and what became of it. */
export function Deliveries({ person, publication }: DeliveriesProps) {
  const first = useLoaded<PersonDeliveries>(
    apiPath(['people', person, 'deliveries']),
    ({ what }) => what === 'people',
  )
  const [older, setOlder] = useState<PersonDeliveries | null>(null)
  const [error, setError] = useState<string | null>(null)
  const [shown, setShown] = useState<PersonDelivery | null>(null)
  useEffect(() => setOlder(null), [first.value])
  const next = older === null ? (first.value?.next ?? null) : older.next
  const lines = [...(first.value?.deliveries ?? []), ...(older?.deliveries ?? [])]
  const more = async (): Promise<void> => {
    try {
      const page = await get<PersonDeliveries>(apiPath(['people', person, 'deliveries'], { after: next }))
      setOlder({ deliveries: [...(older?.deliveries ?? []), ...page.deliveries], next: page.next })
    } catch (reason) {
      setError(sentenceOf(reason))
    }
  }
  const wrong = first.error ?? error
  return (
    <section class="people-part">
      <h2>What they were sent</h2>
      {wrong !== null && <Notice tone="error">{wrong}</Notice>}
      {first.value !== null && lines.length === 0 && <p class="soft">Nothing yet.</p>}
      <ol class="people-deliveries">
        {lines.map((each) => (
          <DeliveryLine
            key={each.id}
            delivery={each}
            publication={publication}
            onShow={() => setShown(each)}
          />
        ))}
      </ol>
      {next !== null && <Button onClick={() => void more()}>Show older ones</Button>}
      {shown !== null && (
        <ReceivedDialog delivery={shown} publication={publication} onClose={() => setShown(null)} />
      )}
    </section>
  )
}

function DeliveryLine(props: {
  readonly delivery: PersonDelivery
  readonly publication: PublicationHead | null
  readonly onShow: () => void
}) {
  const { delivery, publication, onShow } = props
  const { issue, subject, rehearsal, sentence, begunAt, endedAt, attempts } = delivery
  const at = (moment: number): string => momentInWords(moment, publication?.timeZone ?? 'UTC')
  const when = endedAt ?? begunAt
  const what = whatOf(delivery)
  return (
    <li>
      <div>
        <p>
          <strong>{subject ?? issue}</strong> <span class="soft">{issue}</span>
          {rehearsal && (
            <>
              {' '}
              <Badge tone="plain">Rehearsal</Badge>
            </>
          )}
        </p>
        <p class="people-small">
          {sentence}
          {when !== null && ` ${at(when)}.`}
          {attempts > 1 && ` ${attempts} attempts.`}
        </p>
      </div>
      {begunAt !== null && (
        <Button label={`${what}: ${subject ?? issue}`} onClick={onShow}>
          {what}
        </Button>
      )}
    </li>
  )
}

/** Only what their server took, they received. */
function whatOf({ state }: Pick<PersonDelivery, 'state'>): string {
  return state === 'accepted' || state === 'complained' ? 'What they received' : 'What was sent'
}

/** The message of a delivery made again, and in what it differs. */
function ReceivedDialog(props: {
  readonly delivery: PersonDelivery
  readonly publication: PublicationHead | null
  readonly onClose: () => void
}) {
  const { delivery, publication, onClose } = props
  const { value, error } = useLoaded<ReceivedMessage>(apiPath(['people', 'deliveries', String(delivery.id)]))
  return (
    <Dialog title={whatOf(delivery)} wide onClose={onClose}>
      <div class="people-received">
        {error !== null && <Notice tone="error">{error}</Notice>}
        {value === null && error === null && <p class="loading">It is being made again …</p>}
        {value !== null && value.exact && <Notice tone="good">Exactly what was sent, byte for byte.</Notice>}
        {value !== null && !value.exact && (
          <Notice
            tone="warning"
            title={
              value.message === null ? 'It cannot be shown' : 'Almost what was sent; it differs in this:'
            }
          >
            <ul>
              {value.differs.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </Notice>
        )}
        {value !== null && value.message !== null && (
          <MessagePane
            {...{ message: value.message, checks: value.checks, publication }}
            onChecks={() => undefined}
            attachments={null}
            source={null}
            level="h3"
          />
        )}
      </div>
    </Dialog>
  )
}
