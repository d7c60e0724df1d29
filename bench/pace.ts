// How exactly workers in processes of their own keep one pace: `node bench/pace.ts [messages a second …]`.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { startPostgres } from '../test/contract/postgres-bed.ts'

const rates = process.argv.slice(2).map(Number)
const SECONDS = 4
/** Until all processes run. */
const WARM = 1_000

const bed = await startPostgres()
console.log('| messages a second set | workers | measured | off by |\n| --- | --- | --- | --- |')
try {
  for (const rate of rates.length === 0 ? [50, 1_000, 5_000] : rates)
    for (const workers of [1, 2, 4]) {
      const database = await bed.open()
      const script = join(import.meta.dirname, 'pace-process.ts')
      const given = [database.url, String(rate), String(WARM * 2 + SECONDS * 1_000)]
      const times = await Promise.all(
        Array.from({ length: workers }, async () => {
          const [sent] = (await once(fork(script, given), 'message')) as [number[]]
          return sent
        }),
      )
      await database.close()
      const from = Math.max(...times.map(([first = 0]) => first)) + WARM
      const counted = times.flat().filter((at) => at >= from && at < from + SECONDS * 1_000).length
      const off = (counted / SECONDS / rate - 1) * 100
      console.log(`| ${rate} | ${workers} | ${counted / SECONDS} | ${off.toFixed(1)} % |`)
      if (Math.abs(off) > 5) process.exitCode = 1
    }
} finally {
  await bed.stop()
}
