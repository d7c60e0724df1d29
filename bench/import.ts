// How many rows a second an import takes and how much memory, as ratios (of time of the processor, of peak memory) to
// csv-parse alone on the same file in the same run: node bench/import.ts [rows]
import { spawnSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const rows = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'onrecord-bench-import-'))

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
}

try {
  const whole = await writeMembers('members.csv', rows)
  const tenth = await writeMembers('tenth.csv', rows / 10)
  console.log(
    `${rows.toLocaleString('en')} rows of Ghost’s export of members, ${(statSync(whole).size / 1e6).toFixed(0)} MB`,
  )
  const alone = measure('parse', whole)
  const small = measure('import', tenth, 'tenth.db')
  const first = measure('import', whole, 'whole.db')
  const again = measure('again', whole, 'whole.db')
  tell('csv-parse alone (the baseline)', alone, alone)
  tell('import of a tenth', small, alone)
  tell('import', first, alone)
  tell('the same file again', again, alone)
  const growth = first.peakMb - small.peakMb
  console.log(`memory: ${growth.toFixed(0)} MB more for ten times the rows`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function measure(what: string, file: string, store = 'none'): Measured {
  const script = join(import.meta.dirname, 'import-process.ts')
  const { stdout, stderr, status } = spawnSync(process.execPath, [script, what, file, join(folder, store)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Measured
}

function tell(what: string, measured: Measured, alone: Measured): void {
  const rate = measured.rows / measured.seconds
  // By the time of the processor: what else the machine does is not in it.
  const ratio = measured.rows / measured.cpuSeconds / (alone.rows / alone.cpuSeconds)
  console.log(
    [
      what.padEnd(32),
      `${Math.round(rate).toLocaleString('en').padStart(9)} rows/s`,
      `${measured.seconds.toFixed(1).padStart(5)} s`,
      `${measured.cpuSeconds.toFixed(1).padStart(5)} s of CPU`,
      `× ${ratio.toFixed(2)}`,
      `peak ${measured.peakMb.toFixed(0).padStart(4)} MB`,
      `× ${(measured.peakMb / alone.peakMb).toFixed(2)}`,
    ].join('  '),
  )
}

/** Addresses in no order, as in the field, the same in every run. */
async function writeMembers(name: string, count: number): Promise<string> {
  const file = join(folder, name)
  const stream = createWriteStream(file)
  stream.write(
    'id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n',
  )
  let text = ''
  for (let index = 0; index < count; index++) {
    const number = Math.imul(index + 1, 2_654_435_761) >>> 0
    const tiers = index % 9 === 0 ? 'Supporter' : ''
    text += `${number.toString(16)},reader.${number}@mail${index % 97}.example,"Reader, ${index}",,${index % 11 !== 0},false,,2024-01-15T10:00:00.000Z,,"a,b",${tiers}\n`
    if (text.length < 1 << 20) continue
    if (!stream.write(text)) await once(stream, 'drain')
    text = ''
  }
  stream.end(text)
  await once(stream, 'finish')
  return file
}
