import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onrecord-heap-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Heap {
  /** What V8 was told, in order. */
  readonly flags: readonly string[]
  /** MB that the young generation takes once it was filled with what lives on. */
  readonly young: number
}

const look = `import { syncBuiltinESMExports } from 'node:module'
import v8 from 'node:v8'
const flags = []
const set = v8.setFlagsFromString
v8.setFlagsFromString = (flag) => {
  flags.push(flag)
  set(flag)
}
syncBuiltinESMExports()
process.once('exit', () => {
  const kept = Array.from({ length: 400_000 }, (_, number) => ({ number }))
  const { space_size } = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  process.stdout.write(JSON.stringify({ flags, young: kept.length && space_size / 2 ** 20 }))
})`

/** The heap of a command’s process, as the command line starts it. */
async function heapOf(...command: readonly string[]): Promise<Heap> {
  const looking = `data:text/javascript,${encodeURIComponent(look)}`
  const child = spawn(process.execPath, ['--import', looking, main, '-C', folder, ...command], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  await once(child, 'close')
  return JSON.parse(printed) as Heap
}

test('what sends keeps its heap small, and a command that is soon over lets it grow', async () => {
  // There is no publication in the folder, so that each ends at once.
  const [worker, send, check] = await Promise.all([
    heapOf('worker'),
    heapOf('send', '2025-w46'),
    heapOf('check'),
  ])
  for (const { flags, young } of [worker, send]) {
    expect(young).toBeLessThan(16)
    expect(flags).toContain('--heap-growing-percent=60')
  }
  // Else this would hold without the settings.
  expect(check.young).toBeGreaterThan(16)
  expect(check.flags).toEqual([])
})
