import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'
import { pdfOf } from '../sources/pdf.ts'
import { serveLoopback } from '../sources/loopback.ts'

/** A small web on loopback: one server is all hosts, whose names are the first folder of its paths. */
export interface Pages {
  /** Fetches `https://…` by the pages' own addresses, with the real guard. */
  readonly fetcher: PageFetcher
  /** `GET /paper.example/talks` */
  readonly asked: readonly string[]
  /** Lets the pages under `https://slow.example/` answer. */
  release(): void
  close(): Promise<void>
}

const talks = `<!doctype html><html lang="en"><head><title>Talks end without a text | The Paper</title>
<meta property="og:site_name" content="The Paper"><meta name="author" content="Ana Writer">
<meta property="article:published_time" content="2025-11-08T10:00:00Z"></head><body><article>
<h1>Talks end without a text</h1>
<p>The third round ended on Friday evening, and no fourth one is planned, two officials said.</p>
<p>“There is a complete deadlock,” the minister told reporters. “The negotiations have entered an indefinite phase.”</p>
<p>The mechanism that monitors the truce stays in place [for now], with 40 people & one office.</p>
</article></body></html>`

const bare =
  '<!doctype html><html><body><p>Words without a name, a day or a headline, but quite a few of them.</p></body></html>'

export async function servePages(): Promise<Pages> {
  const waiting = new Set<() => void>()
  let open = false
  const server = await serveLoopback((request, response) => {
    const path = request.url ?? '/'
    const answer = (status: number, body: string | Buffer, type = 'text/html; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type }).end(body)
    }
    if (path.endsWith('/robots.txt')) return answer(404, '')
    if (path.startsWith('/paper.example/')) return answer(200, talks)
    if (path.startsWith('/bare.example/')) return answer(200, bare)
    if (path.startsWith('/walled.example/')) return answer(403, 'no')
    if (path.startsWith('/pdf.example/'))
      return answer(200, pdfOf([['A report of the ministry']]), 'application/pdf')
    if (path.startsWith('/slow.example/')) {
      const send = (): void => answer(200, talks.replaceAll('Talks end', 'Slowly, talks end'))
      if (open) send()
      else waiting.add(send)
      return
    }
    if (path.startsWith('/never.example/')) return
    answer(404, 'not here')
  })
  const loopback = openFetcher({
    userAgent: 'onrecord-test',
    ports: new Set([80, 443, server.port]),
    allowPrivate: (address, port) => address === '127.0.0.1' && port === server.port,
    resolver: () => Promise.reject(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })),
    limits: { pauseMilliseconds: 0, milliseconds: 1_500 },
  })
  const base = `http://127.0.0.1:${server.port}/`
  return {
    asked: server.asked,
    fetcher: {
      async fetchPage(url, asked) {
        // What is not of this small web goes to the guard as it is.
        const { hostname } = new URL(url)
        const isOurs = hostname.endsWith('.example') && hostname !== 'nowhere.example'
        const result = await loopback.fetchPage(isOurs ? url.replace(/^https?:\/\//u, base) : url, asked)
        return { ...result, finalUrl: result.finalUrl.replace(base, 'https://') }
      },
    },
    release() {
      open = true
      for (const send of waiting) send()
      waiting.clear()
    },
    close: () => server.close(),
  }
}
