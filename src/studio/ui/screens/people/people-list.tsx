import { useRef, useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { PeopleCounts, PersonLine, SubscriberState, SubscriberTier } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { useListKeys } from '../../parts/list-keys.ts'
import { Badge, EmptyState, Notice } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { apiPath } from '../../shell/api.ts'
import { useLoaded } from '../../shell/changes.ts'
import { dayOfMoment } from '../../shell/day.ts'
import { go, href } from '../../shell/routes.ts'
import { AddDialog } from './add-dialog.tsx'
import { usePeople } from './use-people.ts'
import { newsletterName, people, stateNames, stateTones, tierName } from './words.ts'

const states = Object.keys(stateNames) as SubscriberState[]

/** Who gets it: found by words, newsletter, tier and state. */
export function PeopleList({ publication }: { readonly publication: PublicationHead | null }) {
  const [text, setText] = useState('')
  const [newsletter, setNewsletter] = useState<string | null>(null)
  const [tier, setTier] = useState<SubscriberTier | null>(null)
  const [state, setState] = useState<SubscriberState | null>(null)
  const [adding, setAdding] = useState(false)
  const { lines, more, loading, error, loadMore } = usePeople({ text, newsletter, tier, state })
  const counts = useLoaded<PeopleCounts>(
    apiPath(['people', 'counts'], { newsletter }),
    ({ what }) => what === 'people',
    { keeps: true, every: 1_000 },
  ).value
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list, { onEnd: loadMore })
  const isFiltered = text !== '' || newsletter !== null || tier !== null || state !== null
  const isNew = counts !== null && counts.total === 0 && counts.states.erased === 0
  const showAll = (): void => {
    setText('')
    setNewsletter(null)
    setTier(null)
    setState(null)
  }
  const newsletters = Object.entries(publication?.newsletters ?? {})
  return (
    <div class="page">
      <div class="people-head">
        <h1>People</h1>
        <div class="actions">
          <Button onClick={() => go(href({ screen: 'people', person: 'import' }))}>Import …</Button>
          <Button kind="primary" onClick={() => setAdding(true)}>
            Add a person
          </Button>
        </div>
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {isNew && !isFiltered ? (
        <EmptyState title="Nobody yet">
          <p>People come by signing up on the site, by an import from another system, or one by one.</p>
        </EmptyState>
      ) : (
        <>
          <div class="toolbar people-tools">
            <Field
              label="Search people"
              quiet
              type="search"
              value={text}
              onInput={setText}
              placeholder="Search address and name"
            />
            {newsletters.length > 1 && (
              <Select
                label="Newsletter"
                value={newsletter ?? ''}
                onChange={(value) => setNewsletter(value === '' ? null : value)}
                options={[
                  { value: '', label: 'All' },
                  ...newsletters.map(([value, label]) => ({ value, label })),
                ]}
              />
            )}
            <Select
              label="Tier"
              value={tier ?? ''}
              onChange={(value) => setTier(value === 'subscriber' || value === 'member' ? value : null)}
              options={[
                { value: '', label: 'All' },
                { value: 'subscriber', label: tierName(publication, 'subscriber') },
                { value: 'member', label: tierName(publication, 'member') },
              ]}
            />
            <Select
              label="State"
              value={state ?? ''}
              onChange={(value) => setState(states.find((each) => each === value) ?? null)}
              options={[
                { value: '', label: 'All but erased' },
                ...states.map((value) => ({
                  value,
                  label:
                    counts === null
                      ? stateNames[value]
                      : `${stateNames[value]} (${counts.states[value].toLocaleString('en')})`,
                })),
              ]}
            />
          </div>
          <p class="soft people-count" role="status">
            {counts !== null && sumOf(counts, publication)}
            {isFiltered &&
              lines !== null &&
              !loading &&
              ` Found: ${more ? `the first ${lines.length}` : lines.length}.`}
          </p>
          {lines === null && error === null && <p class="loading">Loading …</p>}
          {lines !== null && lines.length === 0 && !loading && (
            <EmptyState title="Nobody matches">
              <Button onClick={showAll}>Show all</Button>
            </EmptyState>
          )}
          {lines !== null && lines.length > 0 && (
            <div ref={list} aria-busy={loading}>
              <PeopleTable {...{ lines, publication }} />
              {more && (
                <p class="people-more">
                  <Button disabled={loading} onClick={loadMore}>
                    Show more
                  </Button>
                </p>
              )}
            </div>
          )}
        </>
      )}
      {adding && publication !== null && (
        <AddDialog publication={publication} onClose={() => setAdding(false)} />
      )}
    </div>
  )
}

function PeopleTable({
  lines,
  publication,
}: {
  readonly lines: readonly PersonLine[]
  readonly publication: PublicationHead | null
}) {
  const several = Object.keys(publication?.newsletters ?? {}).length > 1
  return (
    <Table<PersonLine>
      caption="People, the newest first"
      rows={lines}
      rowKey={({ id }) => id}
      columns={[
        {
          head: 'Address',
          names: true,
          cell: ({ id, address }) => (
            <a data-row href={href({ screen: 'people', person: id })} class="people-address">
              {address ?? 'Erased'}
            </a>
          ),
        },
        { head: 'Name', cell: ({ name }) => <span class="people-name">{name ?? ''}</span> },
        { head: 'Tier', cell: ({ tier }) => tierName(publication, tier) },
        {
          head: 'State',
          cell: ({ state }) => <Badge tone={stateTones[state]}>{stateNames[state]}</Badge>,
        },
        ...(several
          ? [
              {
                head: 'Newsletters',
                cell: ({ newsletters }: PersonLine) =>
                  newsletters.map((key) => newsletterName(publication, key)).join(', '),
              },
            ]
          : []),
        {
          head: 'Since',
          cell: ({ since }) => (
            <time class="people-day">{dayOfMoment(since, publication?.timeZone ?? 'UTC')}</time>
          ),
        },
      ]}
    />
  )
}

function sumOf({ total, states: own, tiers }: PeopleCounts, publication: PublicationHead | null): string {
  const of = (tier: SubscriberTier): string =>
    `${tiers[tier].toLocaleString('en')} ${tierName(publication, tier)}`
  return `${people(total)}. ${own.confirmed.toLocaleString('en')} would get the next issue: ${of('subscriber')}, ${of('member')}.`
}
