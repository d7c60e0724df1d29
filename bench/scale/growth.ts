import type { Print } from '../send/pairs.ts'
import type { Bar } from './bars.ts'
import { measureCosts, type Cost } from './cost.ts'
import { openScene, type Scene } from './scene.ts'
import type { Longest, Server } from './server.ts'

/** Of a million people, seconds. */
const FREEZE_BAR = 20
/** MB. */
const PEAK_BAR = 200
/** Of the peak of a long list to that of a tenth of it. */
const FLAT_BAR = 1.2
/** Milliseconds. */
const STATEMENT_BAR = 100

/** A list of some length, sent to nowhere or to a server. */
export interface Grown {
  readonly people: number
  readonly sink: 'nowhere' | 'smtp-sink'
  readonly freeze: Scene['freeze']
  readonly costs: readonly Cost[]
  readonly longest: Longest
}

const many = [
  { workers: 1, share: 0.5 },
  { workers: 2, share: 0.75 },
  { workers: 4, share: 0.97 },
]

/** @param port of smtp-sink, which gets a tenth */
export async function measureGrowth(
  server: Server,
  folder: string,
  port: number,
  { people, steps }: { readonly people: number; readonly steps: boolean },
): Promise<{ readonly lists: readonly Grown[]; readonly bars: readonly Bar[] }> {
  const alone = [{ workers: 1, share: 0.97 }]
  const lists: Grown[] = []
  const measure = async (count: number, sink: Grown['sink'], plan: typeof many): Promise<void> => {
    const scene = await openScene(server, folder, { people: count, ...(sink === 'smtp-sink' && { port }) })
    try {
      const costs = await measureCosts(scene, plan)
      lists.push({ people: count, sink, freeze: scene.freeze, costs, longest: await scene.counted.longest() })
    } finally {
      await scene.close()
    }
  }
  await measure(people / 100, 'nowhere', alone)
  await measure(people / 10, 'nowhere', alone)
  await measure(people, 'nowhere', steps ? many : alone)
  await measure(people >= 1_000_000 ? people / 10 : people, 'smtp-sink', steps ? many : alone)
  return { lists, bars: barsOf(lists) }
}

function barsOf(lists: readonly Grown[]): readonly Bar[] {
  const [, tenth, whole] = lists
  if (tenth === undefined || whole === undefined) return []
  const peaks = [tenth, whole].map(({ costs }) => Math.max(...costs.map(({ peak }) => peak)))
  const flat = (peaks[1] ?? 0) / (peaks[0] ?? 1)
  const peak = Math.max(...lists.flatMap(({ costs }) => costs.map((cost) => cost.peak)))
  const slowest = lists.map(({ longest }) => longest).toSorted((a, b) => b.ms - a.ms)[0] ?? whole.longest
  const { seconds } = whole.freeze
  return [
    {
      what: `${whole.people.toLocaleString('en-GB')} people are frozen in`,
      ...{ is: `${seconds.toFixed(1)} s`, bar: `≤ ${FREEZE_BAR} s for a million` },
      held: (seconds * 1e6) / whole.people <= FREEZE_BAR,
    },
    {
      what: 'the most memory of a worker',
      is: `${peak.toFixed(0)} MB`,
      bar: `≤ ${PEAK_BAR} MB`,
      held: peak <= PEAK_BAR,
    },
    {
      what: `that at ${whole.people.toLocaleString('en-GB')} people, to that at ${tenth.people.toLocaleString('en-GB')}`,
      ...{ is: flat.toFixed(2), bar: `≤ ${FLAT_BAR}`, held: flat <= FLAT_BAR },
    },
    {
      what: `the longest statement of a send but for the freeze, \`${slowest.what}\``,
      ...{
        is: `${slowest.ms.toFixed(0)} ms`,
        bar: `≤ ${STATEMENT_BAR} ms`,
        held: slowest.ms <= STATEMENT_BAR,
      },
    },
  ]
}

export function printGrowth({ lists }: { readonly lists: readonly Grown[] }, print: Print): void {
  const number = (value: number): string => Math.round(value).toLocaleString('en-GB')
  print('\nA message, by people and by workers\n')
  print(
    '| people | to | workers | messages/s | statements | WAL octets | CPU µs of workers | CPU µs of PostgreSQL | peak MB of a worker |',
  )
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  for (const { people, sink, costs } of lists)
    for (const cost of costs)
      print(
        `| ${[number(people), sink, cost.workers, number(cost.messages / cost.seconds), cost.statements.toFixed(2), number(cost.wal), number(cost.workerCpu), number(cost.storeCpu), number(cost.peak)].join(' | ')} |`,
      )
  print('\n| people | frozen in s | people a second | WAL octets each | longest statement of the send, ms |')
  print('| --- | --- | --- | --- | --- |')
  for (const { people, sink, freeze, longest } of lists)
    if (sink === 'nowhere')
      print(
        `| ${[number(people), freeze.seconds.toFixed(1), number(people / freeze.seconds), number(freeze.wal / people), longest.ms.toFixed(0)].join(' | ')} |`,
      )
}
