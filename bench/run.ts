// Every benchmark that has a bar, one after the other, or the one that is named:
//   npm run bench [-- starts | desk | send | scale | site | studio | studio-start | studio-typing | import | pace] [its own arguments]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const benchmarks: Readonly<Record<string, string>> = {
  starts: 'starts.ts',
  desk: 'desk-speed.ts',
  send: 'send/run.ts',
  scale: 'scale/run.ts',
  site: 'site/run.ts',
  studio: 'studio/run.ts',
  'studio-start': 'studio/start.ts',
  'studio-typing': 'studio/typing.ts',
  import: 'import.ts',
  pace: 'pace.ts',
}

const [first = '', ...rest] = process.argv.slice(2)
const chosen = first in benchmarks ? { [first]: benchmarks[first] } : benchmarks
for (const [name, script = ''] of Object.entries(chosen)) {
  console.log(`\n## ${name}\n`)
  const args = first in benchmarks ? rest : name === 'send' ? process.argv.slice(2) : []
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
