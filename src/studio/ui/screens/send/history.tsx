import type { SendingRound } from '../../../contract/sending.ts'
import { Badge } from '../../parts/notice.tsx'
import { Table } from '../../parts/table.tsx'
import { stateNames, toName, type Figures } from './words.ts'

/** All that was ever sent of the issue. */
export function History({
  rounds,
  figures: { number },
  tiers,
}: {
  readonly rounds: readonly SendingRound[]
  readonly figures: Figures
  readonly tiers: Readonly<Record<'subscriber' | 'member', string>>
}) {
  // What is on its way stands above.
  const ended = rounds.filter(({ state }) => state === 'done' || state === 'cancelled')
  if (ended.length === 0) return null
  return (
    <section aria-labelledby="send-history">
      <h2 id="send-history">What was sent of this issue</h2>
      <Table
        caption="What was sent of this issue"
        rows={ended}
        rowKey={({ kind, number: round }) => `${kind} ${round}`}
        columns={[
          { head: 'Begun', names: true, cell: ({ startedAt }) => startedAt.words },
          { head: 'To', cell: ({ to }) => toName(to, tiers) },
          {
            head: 'Through',
            cell: ({ kind, server }) => (kind === 'rehearsal' ? 'the outbox' : server),
          },
          {
            head: 'State',
            cell: ({ kind, state }) => (
              <Badge tone={state === 'done' ? 'good' : state === 'cancelled' ? 'plain' : 'info'}>
                {kind === 'rehearsal' && state === 'done' ? 'Rehearsed' : stateNames[state]}
              </Badge>
            ),
          },
          { head: 'People', numeric: true, cell: ({ total }) => number(total) },
          { head: 'Accepted', numeric: true, cell: ({ counts }) => number(counts.accepted) },
          { head: 'Refused', numeric: true, cell: ({ counts }) => number(counts.rejected + counts.bounced) },
        ]}
      />
    </section>
  )
}
