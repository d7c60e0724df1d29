import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'
import { serveLoopback } from './loopback.ts'

/** `test/fixtures/harbour/`. */
export const harbour = join(import.meta.dirname, '..', 'fixtures', 'harbour')

/** When the snapshots were taken. */
export const takenAt = Date.UTC(2026, 2, 6, 9, 0)

/** The pages of Lennmouth on loopback, as they were (`then`) or are (`now`). */
export interface HarbourPages {
  /** Fetches by the pages' own addresses. */
  readonly fetcher: PageFetcher
  close(): Promise<void>
}

export async function serveHarbour(when: 'then' | 'now'): Promise<HarbourPages> {
  const server = await serveLoopback((request, response) => {
    void answer(when, request.url ?? '/').then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(body)
    })
  })
  const loopback = openFetcher({
    userAgent: 'onrecord-test',
    ports: new Set([server.port]),
    allowPrivate: (address, port) => address === '127.0.0.1' && port === server.port,
    clock: { now: () => takenAt },
    limits: { pauseMilliseconds: 0 },
  })
  const base = `http://127.0.0.1:${server.port}/`
  return {
    fetcher: {
      // The host becomes the first folder, so that one server is all hosts.
      fetchPage: async (url, asked) => {
        const result = await loopback.fetchPage(url.replace(/^https:\/\//u, base), asked)
        return { ...result, finalUrl: result.finalUrl.replace(base, 'https://') }
      },
    },
    close: () => server.close(),
  }
}

async function answer(
  when: 'then' | 'now',
  path: string,
): Promise<{ status: number; body: Buffer | string }> {
  if (path === '/robots.txt') return { status: 404, body: '' }
  if (when === 'now' && path === '/skippers.example/letter.html') return { status: 404, body: 'Not found' }
  if (when === 'now' && path.startsWith('/county.example/')) return { status: 403, body: 'Forbidden' }
  const folders = when === 'now' ? ['pages-now', 'pages'] : ['pages']
  for (const folder of folders) {
    const body = await readFile(join(harbour, folder, path)).catch(() => null)
    if (body !== null) return { status: 200, body }
  }
  return { status: 404, body: 'Not found' }
}
