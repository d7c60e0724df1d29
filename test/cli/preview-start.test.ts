import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import { run as preview } from '../../src/cli/preview.ts'
import { loadConfig } from '../../src/config.ts'
import { newsroom } from './approve-bed.ts'

// That an opened store starts what is scheduled is tried in studio-sending.test.ts, with the process that sends.
test.each([
  ['with a store opens it at its start, so that what is scheduled starts though nobody looks', true],
  ['without a store gets none by looking at the studio', false],
])('a publication %s', async (_, made) => {
  const room = newsroom()
  if (made) await (await openApp(loadConfig({ dir: room.dir, environment: {} }))).close()
  const over = new AbortController()
  const context = room.context()
  const ended = preview({ ...context, interrupted: over.signal }, { port: 0, open: false })
  await expect.poll(() => context.text(), { timeout: 20_000 }).toContain('The studio is at')
  const isOpen = (): boolean => existsSync(join(room.dir, 'data/onrecord.db-shm'))
  if (made) await expect.poll(isOpen, { timeout: 20_000 }).toBe(true)
  over.abort()
  await ended
  expect([isOpen(), existsSync(join(room.dir, 'data/onrecord.db'))]).toEqual([false, made])
})
