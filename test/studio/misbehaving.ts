import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'
import { serveLoopback, type Loopback } from '../sources/loopback.ts'

/** A server that answers each path in its own bad way, and a fetcher with the real guard that reaches it by any name. */
export interface Misbehaving extends Loopback {
  readonly fetcher: PageFetcher
  /** An address of it, under a name that is no example’s. */
  at(path: string): string
}

const statuses: Readonly<Record<string, number>> = {
  '/robots.txt': 404,
  '/gone': 404,
  '/login': 401,
  '/not-you': 403,
  '/slow-down': 429,
  '/broken': 500,
}

export async function serveMisbehaving(): Promise<Misbehaving> {
  const server = await serveLoopback((request, response) => {
    const path = request.url ?? '/'
    if (path === '/moved') return void response.writeHead(301, { location: '/new' }).end()
    const status = statuses[path] ?? 200
    response.writeHead(status, { 'content-type': path.endsWith('.png') ? 'image/png' : 'text/html' })
    response.end(request.method === 'HEAD' ? undefined : 'Words.')
  })
  return {
    ...server,
    at: (path) => `http://pages.org:${server.port}${path}`,
    fetcher: openFetcher({
      userAgent: 'Onrecord/1.0 (checks its links)',
      resolver: (host) => Promise.resolve([host === 'inside.org' ? '10.0.0.8' : '127.0.0.1']),
      ports: new Set([80, 443, server.port]),
      allowPrivate: (address, to) => address === '127.0.0.1' && to === server.port,
      limits: { pauseMilliseconds: 0, milliseconds: 5_000 },
    }),
  }
}

/** The body of a brief that links to each of its pages. */
export function linkingTo({ at }: Misbehaving): string {
  const words = ['well', 'gone', 'login', 'not-you', 'slow-down', 'moved']
  const links = words.map((word) => `[The ${word} page](${at(`/${word}`)})`)
  return `It rained on the quay [@daily].\n\n${links.join(' and ')}.\n\n[Well, once more](${at('/well#part')}) and [inside](http://inside.org/).`
}
