import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp } from '../../../src/app.ts'
import { loadConfig } from '../../../src/config.ts'
import { openSite } from '../../../src/open-site.ts'
import { startPostgres, type PostgresBed } from '../../contract/postgres-bed.ts'

let bed: PostgresBed
beforeAll(async () => {
  bed = await startPostgres()
})
afterAll(() => bed.stop())

test('while the database is gone the site lives and is not ready, known within 5 seconds; then it is again', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'onrecord-readiness-'))
  const environment = { BASE_URL: 'http://localhost:4870', DATABASE_URL: await bed.emptyUrl() }
  const dir = join(import.meta.dirname, '../../..')
  const app = await openApp(loadConfig({ dir, dataDir, environment }))
  const said: string[] = []
  const site = await openSite(app, {
    mails: false,
    log: (level, event, fields) => {
      if (level !== 'debug') said.push(`${event}: ${String(fields?.['why'])}`)
    },
  })
  const ask = async (path: string): Promise<{ status: number; ms: number }> => {
    const began = performance.now()
    const { status } = await site.fetch(new Request(`http://localhost${path}`))
    return { status, ms: performance.now() - began }
  }
  /** Asks until it is so, and tells after how many milliseconds it was. */
  const until = async (status: number): Promise<number> => {
    const began = performance.now()
    while ((await ask('/readyz')).status !== status && performance.now() - began < 20_000) await sleep(50)
    return performance.now() - began
  }
  try {
    expect([(await ask('/readyz')).status, said]).toEqual([200, []])
    await bed.restart(async () => {
      expect(await until(503)).toBeLessThan(5_000)
      const alive = await ask('/healthz')
      expect([alive.status, alive.ms < 500]).toEqual([200, true])
      // What is known of the process is told all the same.
      const metrics = await (await site.fetch(new Request('http://localhost/metrics'))).text()
      expect(metrics).toContain('process_resident_memory_bytes ')
    })
    expect(await until(200)).toBeLessThan(5_000)
    expect(said).toEqual([expect.stringMatching(/^not ready: the store /), 'ready: null'])
  } finally {
    await site.close()
    await app.close()
    await rm(dataDir, { recursive: true })
  }
}, 40_000)
