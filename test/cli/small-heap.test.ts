import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onrecord-heap-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** MB that the young generation takes in a command’s process, after it was filled with what lives on. */
async function youngAfter(...command: readonly string[]): Promise<number> {
  const look = join(folder, 'look.mjs')
  writeFileSync(
    look,
    `import { getHeapSpaceStatistics } from 'node:v8'
process.once('exit', () => {
  const kept = Array.from({ length: 400_000 }, (_, number) => ({ number }))
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  process.stdout.write('young ' + (kept.length && young.space_size))
})`,
  )
  const child = spawn(process.execPath, ['--import', look, main, '-C', folder, ...command], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += String(chunk)))
  await once(child, 'close')
  return Number(/young (\d+)$/.exec(printed)?.[1]) / 2 ** 20
}

test('what sends keeps its young generation small, and a command that ends soon lets it grow', async () => {
  // There is no publication in the folder, so that each ends at once.
  const [worker, send, check] = await Promise.all([
    youngAfter('worker'),
    youngAfter('send', '2025-w46'),
    youngAfter('check'),
  ])
  expect(worker).toBeLessThan(16)
  expect(send).toBeLessThan(16)
  // Else this would hold without the setting.
  expect(check).toBeGreaterThan(16)
})
