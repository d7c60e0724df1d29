// What a send costs, beside others in the same run:
//   npm run bench -- send [near] [far] [growth] [--quick] [--only onrecord]
// `--write` puts what it prints into docs/performance.md; `--only` leaves the contenders whose name begins so.
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDebian, postfix } from '../../scripts/debian.ts'
import { replaceMarked } from '../../scripts/marked.ts'
import { openBed } from './bed.ts'
import { startDelay, startSink } from './children.ts'
import { printGrowth } from './growth.ts'
import { MESSAGE_SIZE } from './issue.ts'
import { printMachine } from './machine.ts'
import { comparePairs, printResults, printVersus, type Contender, type Line, type Result } from './pairs.ts'
import { nodemailer, product, recipe, smtpSource } from './senders.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
})
ensureDebian([postfix])
const rounds = values.quick ? 3 : 5
const scale = values.quick ? 0.5 : 1
const bed = await openBed()
const sink = await startSink()
const printed: string[] = []
let missed = 0
print(
  `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}; ` +
    `messages of ${bed.messageSize} octets; medians of ${rounds} pairs`,
)
try {
  if (wants('near')) await near()
  if (wants('far')) await far()
  if (wants('growth')) await growth()
} finally {
  await sink.close()
  bed.close()
}
if (values.write)
  replaceMarked(join(import.meta.dirname, '../../docs/performance.md'), 'send', printed.join('\n'))
process.exitCode = missed === 0 ? 0 : 1

function print(line: string): void {
  console.log(line)
  printed.push(line)
}

function wants(part: string): boolean {
  return positionals.length === 0 || positionals.includes(part)
}

/** On this machine: what counts is the work a message takes. */
async function near(): Promise<void> {
  const connections = 5
  print(`\nRound trip 0 ms, ${connections} connections\n`)
  await printMachine(bed, sink, print)
  const contenders: readonly Contender[] = [
    { name: 'onrecord', sender: product(bed, 'none'), messages: 60_000, bar: 1, gate: 0.85 },
    { name: 'onrecord, Ed25519', sender: product(bed, 'ed25519'), messages: 50_000, bar: 0.95, gate: 0.8 },
    { name: 'onrecord, RSA-2048', sender: product(bed, 'rsa'), messages: 25_000, bar: 0.5, gate: 0.4 },
    { name: 'nodemailer pool, one raw message', sender: nodemailer(bed, 'raw'), messages: 6_000 },
    { name: 'nodemailer pool, composing', sender: nodemailer(bed, 'compose'), messages: 1_600 },
    { name: 'nodemailer pool, composing, RSA-2048', sender: nodemailer(bed, 'sign'), messages: 800 },
    { name: 'the good recipe', sender: recipe(bed), messages: 800 },
  ]
  const results = await compare(source(40_000), contenders, { port: sink.port, connections, rounds })
  missed += printVersus(results, 'the good recipe', 15, print)
}

/** Over a wire of some length: what counts is how often a sender waits for an answer. */
async function far(): Promise<void> {
  const [connections, roundTrip] = [10, 20]
  print(`\nRound trip ${roundTrip} ms, ${connections} connections\n`)
  const wire = await startDelay(sink.port, roundTrip)
  await checkWire(wire.port, roundTrip)
  const contenders: readonly Contender[] = [
    { name: 'onrecord', sender: product(bed, 'none'), messages: 2_000, bar: 3.6 },
    { name: 'nodemailer pool, composing', sender: nodemailer(bed, 'compose'), messages: 1_000 },
  ]
  const results = await compare(source(500), contenders, { port: wire.port, connections, rounds })
  missed += printVersus(results, 'nodemailer pool, composing', 1.9, print)
  await wire.close()
}

/** To a sink that is not there: what counts is the length of the list. */
async function growth(): Promise<void> {
  print('\nTo nowhere\n')
  missed += await printGrowth(
    bed,
    values.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000, 1_000_000],
    print,
  )
}

/** That the wire delays as it says, and carries far more than is asked of it below. */
async function checkWire(port: number, roundTrip: number): Promise<void> {
  const send = smtpSource(MESSAGE_SIZE)
  const one = await send(port, 1, 25)
  const many = await send(port, 100, 2_500)
  const each = (one.seconds * 1_000) / one.messages
  print(
    `The wire: a message of smtp-source takes ${each.toFixed(0)} ms (4 round trips: ${4 * roundTrip}); ` +
      `over 100 connections it carries ${(many.messages / many.seconds).toFixed(0)} messages/s\n`,
  )
}

async function compare(
  baseline: Contender,
  contenders: readonly Contender[],
  line: Line,
): Promise<readonly Result[]> {
  const chosen = contenders.filter(({ name }) => name.startsWith(values.only))
  const results = await comparePairs(scaled(baseline), chosen.map(scaled), line)
  missed += printResults(results, print)
  return results
}

function source(messages: number): Contender {
  return { name: 'smtp-source -d', sender: smtpSource(MESSAGE_SIZE), messages }
}

function scaled(contender: Contender): Contender {
  return { ...contender, messages: Math.round(contender.messages * scale) }
}
