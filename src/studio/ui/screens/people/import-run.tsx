import { useState } from 'preact/hooks'
import type { PublicationHead } from '../../../contract/issues.ts'
import type { ImportRunState, ShownResult, ShownRow } from '../../../contract/people.ts'
import { Button } from '../../parts/button.tsx'
import { Notice, Progress } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { newsletterName, people, tierName } from './words.ts'

export interface ImportRunProps {
  readonly run: ImportRunState
  readonly publication: PublicationHead | null
  readonly onCancel: () => void
}

/** How far an import is, and what came of it. */
export function ImportRun({ run, publication, onCancel }: ImportRunProps) {
  const { state, dryRun, part, result, error, fileName } = run
  const read = result?.read ?? 0
  return (
    <section class="people-part" aria-label={dryRun ? 'The trial' : 'The import'}>
      <h2>{dryRun ? 'The trial' : `The import of ${fileName}`}</h2>
      {state === 'running' && (
        <div class="people-running">
          <Progress
            label={dryRun ? 'Trial' : 'Import'}
            value={part}
            max={1}
            words={`${read.toLocaleString('en')} rows, ${Math.round(part * 100)} %`}
          />
          <Button onClick={onCancel}>Stop</Button>
        </div>
      )}
      <div role="status">
        {state === 'done' && result !== null && !dryRun && (
          <Notice tone="good">{`Done: ${people(result.added)} added, ${people(result.updated)} updated.`}</Notice>
        )}
        {state === 'done' && dryRun && <p>Nothing was changed. An import with these choices:</p>}
        {state === 'stopped' && (
          <Notice tone="warning" title="Stopped">
            {dryRun
              ? 'Nothing was changed.'
              : 'What was read is kept. The same file can be chosen again: it goes on with the rest and changes nothing twice.'}
          </Notice>
        )}
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      {result !== null && state !== 'running' && <Result {...{ result, dryRun, publication }} />}
    </section>
  )
}

function Result(props: {
  readonly result: ShownResult
  readonly dryRun: boolean
  readonly publication: PublicationHead | null
}) {
  const { result, dryRun, publication } = props
  const { read, added, updated, unchanged, refusedTotal, optOuts, members, refusals, sample } = result
  const others = read - refusedTotal - optOuts.left - optOuts.suppressed - members
  const [member, subscriber] = [tierName(publication, 'member'), tierName(publication, 'subscriber')]
  const counts: readonly (readonly [number, string])[] = [
    [read, read === 1 ? 'row read' : 'rows read'],
    [added, dryRun ? 'would be added' : 'added'],
    [updated, dryRun ? 'would be updated' : 'updated'],
    [unchanged, dryRun ? 'would stay as they are' : 'unchanged'],
    [refusedTotal, dryRun ? 'would be refused' : 'refused'],
  ]
  const kinds = (
    [
      [members, `of tier “${member}”`],
      [others, `of tier “${subscriber}”, or of the one that they had here`],
      [optOuts.left, 'opted out there: kept as left, never mailed'],
      [optOuts.suppressed, 'bounced or complained there: kept as suppressed, never mailed'],
    ] as const
  ).filter(([count]) => count > 0)
  return (
    <>
      <Counts label="Rows" counts={counts} />
      {kinds.length > 0 && <Counts label="Of those that are not refused" counts={kinds} />}
      {refusedTotal > 0 && (
        <>
          <h3>Refused</h3>
          <Counts label="Why" counts={refusals} />
          <Refused result={result} />
        </>
      )}
      {sample.length > 0 && (
        <>
          <h3>The first rows, as they would be kept</h3>
          <Table<ShownRow>
            caption="The first rows, as they would be kept"
            rows={sample}
            rowKey={({ line }) => String(line)}
            columns={[
              { head: 'Line', numeric: true, cell: ({ line }) => line },
              {
                head: 'Address',
                names: true,
                cell: ({ address }) => <span class="people-address">{address}</span>,
              },
              { head: 'Name', cell: ({ name }) => <span class="people-name">{name ?? ''}</span> },
              {
                head: 'Tier',
                cell: ({ tier }) => (tier === null ? 'as known' : tierName(publication, tier)),
              },
              { head: 'State', cell: ({ state }) => state ?? 'confirmed' },
              { head: 'Newsletter', cell: ({ newsletter }) => newsletterName(publication, newsletter) },
            ]}
          />
        </>
      )}
    </>
  )
}

function Counts(props: { readonly label: string; readonly counts: readonly (readonly [number, string])[] }) {
  return (
    <ul class="people-sums" aria-label={props.label}>
      {props.counts.map(([count, what]) => (
        <li key={what}>
          <strong>{count.toLocaleString('en')}</strong> {what}
        </li>
      ))}
    </ul>
  )
}

/** So many refused rows are listed at first. */
const FIRST = 20

function Refused({ result: { refused, refusedTotal } }: { readonly result: ShownResult }) {
  const [all, setAll] = useState(false)
  const shown = all ? refused : refused.slice(0, FIRST)
  const rest = refusedTotal - shown.length
  return (
    <>
      <Table<ShownResult['refused'][number]>
        caption="Refused rows"
        rows={shown}
        rowKey={({ line }) => String(line)}
        columns={[
          { head: 'Line', numeric: true, cell: ({ line }) => line.toLocaleString('en') },
          { head: 'Why', cell: ({ reason }) => reason },
        ]}
      />
      {rest > 0 && (
        <p class="toolbar">
          {!all && refused.length > FIRST && (
            <Button onClick={() => setAll(true)}>
              Show {(refused.length - FIRST).toLocaleString('en')} more
            </Button>
          )}
          {(all || refused.length <= FIRST) && (
            <span class="soft">
              and {rest.toLocaleString('en')} more; “onrecord subscribers import --refused” writes all of them
              to a file
            </span>
          )}
        </p>
      )}
    </>
  )
}
