import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Clock } from '../../src/core/clock.ts'
import { openFetcher, type PageFetcher } from '../../src/sources/fetch-page.ts'

/** Answers for a path; a string is a page of HTML. */
export type Answer = string | ((request: IncomingMessage, response: ServerResponse) => void)

/** A web server on loopback, ended with the test, and what it was asked. */
export async function pageServer(pages: Record<string, Answer>): Promise<{
  readonly url: string
  readonly port: number
  readonly asked: string[]
  pages: Record<string, Answer>
}> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    asked.push(`${request.method} ${path}`)
    const page = made.pages[path]
    if (page === undefined) response.writeHead(404).end('Not found')
    else if (typeof page === 'function') page(request, response)
    else
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(request.method === 'HEAD' ? undefined : page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  })
  const { port } = server.address() as AddressInfo
  const made = { url: `http://127.0.0.1:${port}`, port, asked, pages }
  return made
}

/** A fetcher that may reach these ports of loopback, and waits for nothing. */
export function loopbackFetcher(ports: readonly number[], clock?: Clock): PageFetcher {
  return openFetcher({
    userAgent: 'Onrecord/test',
    ports: new Set(ports),
    allowPrivate: (address, port) => address === '127.0.0.1' && ports.includes(port),
    limits: { pauseMilliseconds: 0, milliseconds: 3000, bytes: 1_000_000 },
    ...(clock === undefined ? {} : { clock }),
  })
}

/** An article as newspapers mark it up. */
export function article(title: string, paragraphs: readonly string[], head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head>
<body><article><h1>${title}</h1>${paragraphs.map((text) => `<p>${text}</p>`).join('\n')}</article></body></html>`
}
