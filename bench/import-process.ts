// One measurement of bench/import.ts in a process of its own, so that its peak memory is its own:
//   node bench/import-process.ts parse|import|again <file> <store>
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { createTokens } from '../src/core/token.ts'
import { openDatabase } from '../src/store/sqlite.ts'
import { openSubscriberStore } from '../src/store/subscribers.ts'
import { importSubscribers } from '../src/subscribers/import.ts'

const [what = '', file = '', store = ''] = process.argv.slice(2)
const before = process.cpuUsage()
const started = performance.now()
const rows = what === 'parse' ? await parseAlone() : await importAll()
const seconds = (performance.now() - started) / 1_000
const { user, system } = process.cpuUsage(before)
const peakMb = process.resourceUsage().maxRSS / 1024
console.log(JSON.stringify({ rows, seconds, cpuSeconds: (user + system) / 1e6, peakMb }))

/** The baseline: csv-parse as a stream, each row looked at and dropped. */
async function parseAlone(): Promise<number> {
  let count = 0
  await pipeline(
    createReadStream(file),
    parse({ relax_column_count: true }),
    async (records: AsyncIterable<string[]>) => {
      for await (const record of records) if (record.length > 0) count += 1
    },
  )
  return count - 1
}

async function importAll(): Promise<number> {
  const database = openDatabase(store)
  const subscribers = openSubscriberStore(database, createTokens('7'.repeat(64)))
  const { read, added, unchanged } = await importSubscribers(subscribers, createReadStream(file), {
    newsletters: ['weekly'],
    newsletter: 'weekly',
    newsletterColumn: false,
    tier: null,
    source: 'import:members.csv',
    now: Date.now(),
    map: new Map(),
    fileName: 'members.csv',
    dryRun: false,
    signal: new AbortController().signal,
  })
  database.close()
  const wanted = what === 'import' ? added : unchanged
  if (wanted !== read) throw new Error(`${wanted} of ${read} rows are as they should be`)
  return read
}
