import { spread, median } from '../spread.ts'
import type { Measurement } from './measure.ts'
import type { Sender } from './senders.ts'

/** Takes a line of Markdown. */
export type Print = (line: string) => void

/** A sender to be compared, and what the comparison must show. */
export interface Contender {
  readonly name: string
  readonly sender: Sender
  /** Enough for a second or more. */
  readonly messages: number
  /** Of the baseline’s messages a second, in the same run. */
  readonly bar?: number
  /** Below this the bench fails; default: the bar. */
  readonly gate?: number
}

export interface Line {
  readonly port: number
  readonly connections: number
  readonly rounds: number
}

/** What one contender did, pair by pair. */
export interface Result {
  readonly contender: Contender
  readonly rates: readonly number[]
  readonly ratios: readonly number[]
  readonly cpu: number
  readonly peak: number | null
}

/** Runs the baseline and each contender in turn, `rounds` times: a machine that slows down slows both. */
export async function comparePairs(
  baseline: Contender,
  contenders: readonly Contender[],
  { port, connections, rounds }: Line,
): Promise<readonly Result[]> {
  const runs = new Map<Contender, { own: Measurement[]; base: Measurement[] }>()
  for (const contender of contenders) runs.set(contender, { own: [], base: [] })
  for (let round = 0; round < rounds; round++)
    for (const [contender, { own, base }] of runs) {
      base.push(await baseline.sender(port, connections, baseline.messages))
      own.push(await contender.sender(port, connections, contender.messages))
    }
  const of = (contender: Contender, own: readonly Measurement[], base: readonly Measurement[]): Result => ({
    contender,
    rates: own.map(rate),
    ratios: own.map((each, index) => rate(each) / rate(base[index] ?? each)),
    cpu: median(own.flatMap(({ cpu }) => cpu ?? [])),
    peak: own.some(({ peak }) => peak === null) ? null : Math.max(...own.map(({ peak }) => peak ?? 0)),
  })
  const baseRuns = [...runs.values()].flatMap(({ base }) => base)
  return [of(baseline, baseRuns, baseRuns), ...[...runs].map(([each, { own, base }]) => of(each, own, base))]
}

function rate({ messages, seconds }: Measurement): number {
  return messages / seconds
}

/** Prints results as a table; says how many gates were missed. */
export function printResults(results: readonly Result[], print: Print): number {
  print('| sender | messages/s, median (least–most) | ratio | CPU µs/message | peak MB | bar |')
  print('| --- | --- | --- | --- | --- | --- |')
  let missed = 0
  for (const { contender, rates, ratios, cpu, peak } of results) {
    const { name, bar, gate = bar } = contender
    const ratio = median(ratios)
    if (gate !== undefined && ratio < gate) missed++
    const cells = [name, spread(rates), spread(ratios, 2), cpu.toFixed(0), peak?.toFixed(0) ?? '']
    print(`| ${[...cells, verdict(ratio, bar, gate)].join(' | ')} |`)
  }
  return missed
}

/** Prints how the first contender stands to another one, round by round; says whether the bar was missed. */
export function printVersus(
  [, first, ...others]: readonly Result[],
  name: string,
  bar: number,
  print: Print,
): number {
  const other = others.find(({ contender }) => contender.name === name)
  if (first === undefined || other === undefined) return 0
  const ratios = first.rates.map((own, round) => own / (other.rates[round] ?? Number.NaN))
  print(`\n* ${first.contender.name} to ${name}: ${spread(ratios, 2)}; ${verdict(median(ratios), bar, bar)}`)
  return median(ratios) < bar ? 1 : 0
}

/** `≥ 1.00 (gate 0.85): held`. */
function verdict(value: number, bar: number | undefined, gate: number | undefined): string {
  if (bar === undefined) return ''
  const held = value >= bar ? 'held' : value >= (gate ?? bar) ? 'missed, gate held' : '**missed**'
  return `≥ ${bar}${gate === undefined || gate === bar ? '' : ` (gate ${gate})`}: ${held}`
}
