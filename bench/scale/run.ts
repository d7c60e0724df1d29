// What a send costs on PostgreSQL, with several workers and on a list of a million, and whether its bars are held:
//   npm run bench -- scale [against] [workers] [growth] [sharing] [pace] [--quick] [--people N]
// `--write` puts what it prints into docs/performance.md and docs/scaling.md. Ctrl-C ends all that it started.
import { cpus, totalmem } from 'node:os'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDebian, postfix } from '../../scripts/debian.ts'
import { replaceMarked } from '../../scripts/marked.ts'
import { openBed } from '../send/bed.ts'
import { startSink } from '../send/children.ts'
import { printAgainst } from './against.ts'
import { printBars, type Bar } from './bars.ts'
import { measureGrowth, printGrowth } from './growth.ts'
import { printIssues } from './issues.ts'
import { measurePace } from './pace.ts'
import { endProgress } from './progress.ts'
import { startServer } from './server.ts'
import { measureSharing } from './sharing.ts'
import { killWorkers } from './workers.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    people: { type: 'string' },
  },
})
const { quick } = values
const people = Number(values.people ?? (quick ? 60_000 : 1_000_000))
ensureDebian([postfix])

const bed = await openBed()
process.once('exit', () => bed.close())
const sink = await startSink()
const server = await startServer()
const printed: string[] = []
const bars: Bar[] = []
let missed = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    endProgress()
    killWorkers()
    // What is under way fails now, and nobody wonders at it.
    process.once('uncaughtException', () => undefined)
    void Promise.allSettled([sink.close(), server.stop()]).then(() => process.exit(130))
  })

const memory = Math.round(totalmem() / 2 ** 30)
print(
  `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ` +
    `${memory} GB, Node ${process.version}, PostgreSQL ${await server.version()} with fsync, synchronous_commit and full_page_writes; ` +
    `messages of ${bed.messageSize} octets`,
)
try {
  if (wants('against')) {
    print('\nBeside Postfix’s load generator\n')
    const pairs = quick ? { rounds: 3, messages: 15_000 } : { rounds: 5, messages: 40_000 }
    missed += await printAgainst(server, bed, sink, pairs, print)
  }
  if (wants('growth')) {
    const grown = await measureGrowth(server, bed.folder, sink.port, { people, steps: wants('workers') })
    printGrowth(grown, print)
    bars.push(...grown.bars)
  }
  if (wants('issues')) await printIssues(server, bed.folder, Math.min(people, quick ? 5_000 : 20_000), print)
  if (wants('sharing')) bars.push(...(await measureSharing(server, bed.folder)))
  if (wants('pace')) bars.push(...(await measurePace(server, bed.folder, quick ? 4 : 10)))
  print('')
  if (bars.length > 0) missed += printBars(bars, print)
} finally {
  endProgress()
  killWorkers()
  await Promise.allSettled([sink.close(), server.stop()])
}
if (values.write)
  for (const document of ['performance.md', 'scaling.md'].map((name) =>
    join(import.meta.dirname, '../../docs', name),
  ))
    if (existsSync(document)) replaceMarked(document, 'scale', printed.join('\n'))
process.exitCode = missed === 0 ? 0 : 1

function print(line: string): void {
  endProgress()
  console.log(line)
  printed.push(line)
}

function wants(part: string): boolean {
  return positionals.length === 0 || positionals.includes(part)
}
