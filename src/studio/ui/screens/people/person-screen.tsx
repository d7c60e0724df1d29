import { useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { Consent, Person, Subscription } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Badge, Notice } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { momentInWords } from '../../shell/day.ts'
import { href } from '../../shell/routes.ts'
import { Deliveries } from './deliveries.tsx'
import { PersonDialog, type PersonAct } from './person-dialog.tsx'
import { newsletterName, stateNames, stateSentences, stateTones, tierName } from './words.ts'

export interface PersonScreenProps {
  readonly id: string
  readonly publication: PublicationHead | null
}

/** All that is kept of one person, what can be changed of it, and what they received. */
export function PersonScreen({ id, publication }: PersonScreenProps) {
  const { value: person, error } = useLoaded<Person>(apiPath(['people', id]), ({ what }) => what === 'people')
  const [act, setAct] = useState<PersonAct | null>(null)
  return (
    <div class="page">
      <p>
        <a href={href({ screen: 'people', person: null })}>All people</a>
      </p>
      {error !== null && (
        <>
          {person === null && <h1>Nobody</h1>}
          <Notice tone="error">{error}</Notice>
        </>
      )}
      {person === null && error === null && <p class="loading">Loading …</p>}
      {person !== null && <Kept {...{ person, publication }} onAct={setAct} />}
      {person !== null && <Deliveries person={id} publication={publication} />}
      {person !== null && act !== null && (
        <PersonDialog {...{ person, publication, act }} onClose={() => setAct(null)} />
      )}
    </div>
  )
}

function Kept(props: {
  readonly person: Person
  readonly publication: PublicationHead | null
  readonly onAct: (act: PersonAct) => void
}) {
  const { person, publication, onAct } = props
  const { subscriber, state, consents } = person
  const isErased = subscriber.erasedAt !== null
  const timeZone = publication?.timeZone ?? 'UTC'
  return (
    <>
      <div class="people-head">
        <div class="people-title">
          <h1>{subscriber.name ?? subscriber.address ?? 'Somebody who was erased'}</h1>
          <p>
            <Badge tone={stateTones[state]}>{stateNames[state]}</Badge> {stateSentences[state]}
          </p>
        </div>
        {!isErased && (
          <div class="actions">
            <Button onClick={() => onAct({ kind: 'set' })}>Change</Button>
            {subscriber.suppression === null &&
              subscriber.subscriptions.some(
                (each) => each.state === 'confirmed' || each.state === 'paused',
              ) && <Button onClick={() => onAct({ kind: 'pause' })}>Pause …</Button>}
            {subscriber.suppression === null && (
              <Button onClick={() => onAct({ kind: 'suppress' })}>Suppress …</Button>
            )}
            <Button kind="danger" onClick={() => onAct({ kind: 'erase' })}>
              Erase …
            </Button>
          </div>
        )}
      </div>
      <dl class="people-facts">
        {factsOf(person, publication).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {subscriber.suppression !== null && !isErased && (
        <p class="soft">
          A suppression stays: nothing here and no command takes it off. Who wants mail again signs up with
          another address.
        </p>
      )}
      {!isErased && (
        <>
          <section class="people-part">
            <div class="people-head">
              <h2>Newsletters</h2>
              {subscriber.subscriptions.filter((each) => each.state !== 'left').length > 1 && (
                <Button onClick={() => onAct({ kind: 'unsubscribe', newsletter: null })}>
                  Unsubscribe from all …
                </Button>
              )}
            </div>
            <Subscriptions {...{ subscriptions: subscriber.subscriptions, publication, timeZone, onAct }} />
          </section>
          <section class="people-part">
            <h2>What they agreed to</h2>
            {consents.length === 0 ? (
              <p class="soft">No form of theirs is kept: how they came is said above.</p>
            ) : (
              <ol class="people-consents">
                {consents.map((consent, index) => (
                  <ConsentLine key={`${index}`} {...{ consent, publication, timeZone }} />
                ))}
              </ol>
            )}
            <p>
              <a href={apiPath(['people', subscriber.publicId, 'data'])} download>
                Everything that is kept, as they would get it (JSON)
              </a>
            </p>
          </section>
        </>
      )}
    </>
  )
}

/** One line each, of what there is. */
function factsOf(
  person: Person,
  publication: PublicationHead | null,
): readonly (readonly [string, string])[] {
  const { subscriber, format, change, sessions, linksRevokedAt, letters, movedAt } = person
  const at = (moment: number): string => momentInWords(moment, publication?.timeZone ?? 'UTC')
  const { address, name, tier, suppression, erasedAt, createdAt } = subscriber
  if (erasedAt !== null)
    return [
      ['Erased', at(erasedAt)],
      ['Since', at(createdAt)],
    ]
  const facts: readonly (readonly [string, string | null])[] = [
    ['Address', address],
    ['Name', name ?? 'none'],
    ['Tier', tierName(publication, tier)],
    ['Gets', format === 'html' ? 'HTML with text' : 'plain text alone'],
    ['Since', at(createdAt)],
    [
      'Suppressed',
      suppression &&
        [at(suppression.createdAt), reasonInWords(suppression.reason), suppression.note]
          .filter(Boolean)
          .join(': '),
    ],
    [
      'Moves to',
      change &&
        `${change.to}, once ${change.waitsFor.length === 2 ? 'both addresses have' : 'one more address has'} said yes`,
    ],
    ['Logged in', sessions === 0 ? 'nowhere' : `in ${sessions} ${sessions === 1 ? 'browser' : 'browsers'}`],
    ['Links taken back', linksRevokedAt === null ? null : at(linksRevokedAt)],
    ['Had other addresses', movedAt.length === 0 ? null : `until ${movedAt.map(at).join(', ')}`],
    [
      'Letters that wait',
      letters.length === 0 ? null : letters.map(({ kind, dueAt }) => `${kind}, ${at(dueAt)}`).join('; '),
    ],
  ]
  return facts.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
}

function reasonInWords(reason: string): string {
  return (
    { operator: 'by hand', bounce: 'mail came back', complaint: 'they reported it as spam' }[reason] ?? reason
  )
}

function Subscriptions(props: {
  readonly subscriptions: readonly Subscription[]
  readonly publication: PublicationHead | null
  readonly timeZone: string
  readonly onAct: (act: PersonAct) => void
}) {
  const { subscriptions, publication, timeZone, onAct } = props
  if (subscriptions.length === 0) return <p class="soft">None.</p>
  const at = (moment: number | null): string => (moment === null ? '' : momentInWords(moment, timeZone))
  return (
    <Table<Subscription>
      caption="Newsletters"
      rows={subscriptions}
      rowKey={({ newsletter }) => newsletter}
      columns={[
        {
          head: 'Newsletter',
          names: true,
          cell: ({ newsletter }) => newsletterName(publication, newsletter),
        },
        {
          head: 'State',
          cell: ({ state, pausedUntil }) => (
            <>
              <Badge tone={stateTones[state]}>{stateNames[state]}</Badge>
              {state === 'paused' && pausedUntil !== null && ` until ${at(pausedUntil)}`}
            </>
          ),
        },
        { head: 'Consent', cell: ({ consentAt }) => at(consentAt) },
        {
          head: 'By',
          cell: ({ consentSource }) => (
            <span class="people-name">{(consentSource ?? '').replace(/^import:/, 'import, ')}</span>
          ),
        },
        { head: 'Left', cell: ({ leftAt }) => at(leftAt) },
        {
          head: 'Change',
          cell: ({ newsletter, state }) =>
            state !== 'left' && (
              <Button
                label={`Unsubscribe from ${newsletterName(publication, newsletter)}`}
                onClick={() => onAct({ kind: 'unsubscribe', newsletter })}
              >
                Unsubscribe …
              </Button>
            ),
        },
      ]}
    />
  )
}

const kinds = { given: 'Agreed to', withdrawn: 'Left', undone: 'Took back leaving' } as const

const forms: Readonly<Record<Consent['form'], string>> = {
  'sign-up': 'by the sign-up form',
  preferences: 'on the preferences page',
  leave: 'by the link to leave',
  'one-click': 'by one click in their mail program',
  undo: 'by the link to undo leaving',
  import: 'by an import',
  operator: 'entered by an editor',
}

function ConsentLine(props: {
  readonly consent: Consent
  readonly publication: PublicationHead | null
  readonly timeZone: string
}) {
  const { consent, publication, timeZone } = props
  const { kind, newsletter, at, askedAt, form, words, network } = consent
  return (
    <li>
      <p>
        {kinds[kind]} <strong>{newsletterName(publication, newsletter)}</strong> {forms[form]},{' '}
        {momentInWords(at, timeZone)}
        {askedAt !== at && ` (asked ${momentInWords(askedAt, timeZone)})`}
        {network !== null && `, from ${network}`}
      </p>
      {words !== '' && <blockquote>{words}</blockquote>}
    </li>
  )
}
