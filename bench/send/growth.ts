import { median } from '../spread.ts'
import type { Bed } from './bed.ts'
import { runSender } from './children.ts'
import type { Measurement } from './measure.ts'
import type { Print } from './pairs.ts'

/** Messages a second, of a million people. */
const RATE_BAR = 80_000
/** MB. */
const PEAK_BAR = 200
/** Of the peak memory of the largest list to that of the one before it. */
const GROWTH_BAR = 1.2

const CONNECTIONS = 5

/** What a list’s length costs where nothing waits for a server. @returns how many bars were missed */
export async function printGrowth(bed: Bed, sizes: readonly number[], print: Print): Promise<number> {
  print('| people | frozen, claimed and rendered/s | peak MB | sent/s, with every commit | peak MB |')
  print('| --- | --- | --- | --- | --- |')
  const rendered: Measurement[] = []
  for (const people of sizes) {
    // The longer a run, the less it varies.
    const rounds = people < 1_000_000 ? 3 : 2
    const render = await measured(bed, 'render', people, rounds)
    const send = await measured(bed, 'send', people, people < 100_000 ? rounds : 1)
    rendered.push(render)
    print(`| ${[people.toLocaleString('en-GB'), ...cells(render), ...cells(send)].join(' | ')} |`)
  }
  const [before, largest] = rendered.slice(-2)
  // The bars are of a million.
  if (before === undefined || largest === undefined || largest.messages < 1_000_000) return 0
  const ratio = (largest.peak ?? 0) / (before.peak ?? 1)
  const checks = [
    {
      text: `rendered a second ${Math.round(rate(largest))}, at least ${RATE_BAR}`,
      held: rate(largest) >= RATE_BAR,
    },
    {
      text: `peak memory ${largest.peak?.toFixed(0)} MB, at most ${PEAK_BAR}`,
      held: (largest.peak ?? 0) <= PEAK_BAR,
    },
    { text: `its growth ${ratio.toFixed(2)}, at most ${GROWTH_BAR}`, held: ratio <= GROWTH_BAR },
  ]
  print('')
  for (const { text, held } of checks) print(`* ${text}: ${held ? 'held' : '**missed**'}`)
  return checks.filter(({ held }) => !held).length
}

/** The run of median rate, with the highest peak of all. */
async function measured(
  bed: Bed,
  how: 'render' | 'send',
  people: number,
  rounds: number,
): Promise<Measurement> {
  const runs: Measurement[] = []
  for (let round = 0; round < rounds; round++) {
    const folder = await bed.store(people)
    runs.push(await runSender('render-process.ts', { how, folder, connections: CONNECTIONS }))
    bed.drop(folder)
  }
  const middle = runs.find((run) => run.seconds === median(runs.map(({ seconds }) => seconds)))
  if (middle === undefined) throw new Error('nothing was measured')
  return { ...middle, peak: Math.max(...runs.map(({ peak }) => peak ?? 0)) }
}

function cells(run: Measurement): readonly string[] {
  return [Math.round(rate(run)).toLocaleString('en-GB'), run.peak?.toFixed(0) ?? '']
}

function rate({ messages, seconds }: Measurement): number {
  return messages / seconds
}
