import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enterWorker, hasWorker } from '../../src/store/worker-lock.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'onrecord-worker-lock-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a worker is seen while it is there, one of several as well, and nobody who looks is taken for one', () => {
  const file = join(folder, 'data', 'worker.lock')
  expect(hasWorker(file)).toBe(false)
  const first = enterWorker(file)
  expect(hasWorker(file)).toBe(true)
  const second = enterWorker(file)
  first.release()
  expect(hasWorker(file)).toBe(true)
  second.release()
  second.release()
  expect([hasWorker(file), hasWorker(file)]).toEqual([false, false])
})
