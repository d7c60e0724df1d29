// `npm run soak`: the promises of docs/reliability.md at full size, against real servers and real kills.
//   npm run soak                                           100,000 people, 20 kills
//   npm run soak -- --people 2000 --kills 4                smaller
//   npm run soak -- kills workers plans delivery           some of its parts; signed, tests and versions are the others
//   npm run soak -- --write                                puts the table into docs/reliability.md
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureDebian, postfix, pythonDkim } from './debian.ts'
import { replaceMarked } from './marked.ts'
import { deliveryPart } from './soak/delivery.ts'
import { killPart } from './soak/kills.ts'
import type { Part, Row } from './soak/part.ts'
import { plansPart, workersPart } from './soak/workers.ts'
import { versionsPart } from './soak/versions.ts'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    write: { type: 'boolean', default: false },
  },
})
const [people, kills, seed] = [Number(values.people), Number(values.kills), Number(values.seed)]

ensureDebian([postfix, pythonDkim])
if (process.getuid?.() !== 0) {
  console.error('Postfix’s own instance needs root: run it again with sudo.')
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'onrecord-soak-'))
// Postfix delivers as somebody else.
chmodSync(folder, 0o755)
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
const started = performance.now()
const rows: Row[] = []
await run('kills', (part) => killPart(part, { people, signed: false }))
await run('signed', (part) => killPart(part, { people: Math.ceil(people / 5), signed: true }))
await run('workers', (part) => workersPart(part, people))
await run('plans', async (part) => plansPart(part, people * 10))
await run('tests', faultTests)
await run('delivery', (part) => deliveryPart(part, people))
await run('versions', async (part) => versionsPart(part))
const table = report()
console.log(`\n${table}`)
if (values.write) replaceMarked(join(root, 'docs/reliability.md'), 'soak', table)
process.exitCode = rows.every(({ held }) => held) ? 0 : 1

async function run(name: string, work: (part: Part) => Promise<Row[]>): Promise<void> {
  if (positionals.length > 0 && !positionals.includes(name)) return
  const say = (text: string): void => console.log(`${minutes()}  ${name}: ${text}`)
  say('begins')
  try {
    rows.push(...(await work({ folder, kills, seed, say })))
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error)
    rows.push({ what: name, bar: 'comes to its end', found, held: false })
  }
  const last = rows.at(-1)
  say(last === undefined ? 'ended' : `${last.found}${last.held ? '' : ' — MISSED'}`)
}

/** The fault tests of `npm test`, on cases of their own: a failing server, a full disk, restores, clocks. */
async function faultTests({ say }: Part): Promise<Row[]> {
  const rounds = people >= 100_000 ? 2 : 1
  let passed = 0
  for (let round = 0; round < rounds; round++) {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const env = { ...process.env, FC_SEED: String(seed + round) }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [vitest, 'run', 'test/faults', '--exclude', '**/demo.test.ts'],
      {
        ...{ cwd: root, env, encoding: 'utf8' },
      },
    )
    if (status === 0) passed++
    else console.log(stdout, stderr)
    say(`round ${round + 1} of ${rounds}, FC_SEED=${seed + round}: ${status === 0 ? 'passed' : 'failed'}`)
  }
  const what =
    'test/faults with other seeds: a server that fails at every stage, a full disk, backup, restore, migrate, clocks, a stopped sender'
  return [{ what, bar: 'all pass', found: `${passed} of ${rounds} rounds`, held: passed === rounds }]
}

function minutes(): string {
  const seconds = Math.round((performance.now() - started) / 1_000)
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, '0')}`
}

function report(): string {
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`
  const day = new Date().toISOString().slice(0, 10)
  return [
    `${day}, ${machine}; \`npm run soak -- --people ${people} --kills ${kills} --seed ${seed}\`, ${minutes().trim()} minutes.`,
    '',
    '| what | bar | found | |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ what, bar, found, held }) => `| ${what} | ${bar} | ${found} | ${held ? 'held' : '**missed**'} |`,
    ),
  ].join('\n')
}
