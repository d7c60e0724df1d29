import { answerShared } from '../answer.ts'
import { changeTimes } from '../change-times.ts'
import type { Surface } from '../deps.ts'
import { siteUrls, type SiteUrl } from '../site-urls.ts'
import { element } from '../xml.ts'

/** A file may hold 50,000 addresses (sitemaps.org/protocol.html); one of so many is small enough to be kept. */
const MOST = 20_000

/** `/sitemap.xml`, with more than 20,000 addresses an index of `/sitemap/<n>.xml`; and `/robots.txt`. */
export const sitemap: Surface = addSitemap(MOST)

/** @param most addresses a file holds */
export function addSitemap(most: number): Surface {
  return (app, { archive, baseUrl, clock }) => {
    const changedAt = changeTimes({ archive, clock })
    const mediaType = 'application/xml; charset=utf-8'
    // Of a long archive it takes a while: once for each version, however many ask meanwhile.
    let kept: { readonly version: number; readonly files: Promise<readonly SiteUrl[][]> } | null = null
    const filesOf = (version: number): Promise<readonly SiteUrl[][]> => {
      if (kept?.version === version) return kept.files
      const made = { version, files: siteUrls(archive).then((urls) => cut(urls, most)) }
      kept = made
      made.files.catch(() => {
        if (kept === made) kept = null
      })
      return made.files
    }
    app.get('/sitemap.xml', async (c) => {
      const time = await changedAt()
      const version = await archive.version()
      const make = async (): Promise<string> => {
        const files = await filesOf(version)
        return files.length === 1 ? writeUrls(files[0] ?? [], baseUrl) : writeIndex(files, baseUrl)
      }
      return answerShared(c, String(version), make, mediaType, time)
    })
    app.get('/sitemap/:file{[1-9][0-9]{0,5}\\.xml}', async (c) => {
      const time = await changedAt()
      const version = await archive.version()
      const number = Number.parseInt(c.req.param('file'), 10)
      const file = (await filesOf(version))[number - 1]
      if (file === undefined) return c.notFound()
      return answerShared(c, String(version), () => writeUrls(file, baseUrl), mediaType, time)
    })
    app.get('/robots.txt', (c) =>
      answerShared(c, 'robots', () => robots(baseUrl), 'text/plain; charset=utf-8'),
    )
  }
}

function cut(urls: readonly SiteUrl[], most: number): SiteUrl[][] {
  const files: SiteUrl[][] = []
  for (let from = 0; from < urls.length; from += most) files.push(urls.slice(from, from + most))
  return files
}

const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

function writeUrls(urls: readonly SiteUrl[], baseUrl: string): string {
  const entries = urls.map(({ path, changedAt }) => `<url>${place(baseUrl + path, changedAt)}</url>`)
  return document('urlset', entries)
}

function writeIndex(files: readonly (readonly SiteUrl[])[], baseUrl: string): string {
  const entries = files.map((urls, index) => {
    const times = urls.flatMap(({ changedAt }) => changedAt ?? [])
    const latest = times.reduce<number | null>((last, at) => Math.max(last ?? at, at), null)
    return `<sitemap>${place(`${baseUrl}/sitemap/${index + 1}.xml`, latest)}</sitemap>`
  })
  return document('sitemapindex', entries)
}

function place(url: string, changedAt: number | null): string {
  const lastmod = changedAt === null ? '' : element('lastmod', new Date(changedAt).toISOString())
  return element('loc', url) + lastmod
}

function document(root: string, entries: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<${root} ${namespace}>\n${entries.join('\n')}\n</${root}>\n`
}

/** RFC 9309. What is of one person, or of one moment, is nothing to be found; nothing secret is named. */
function robots(baseUrl: string): string {
  const closed = ['/search', '/confirm/', '/log-in', '/preferences', '/change/', '/u/', '/v/']
  return [
    'User-agent: *',
    ...closed.map((path) => `Disallow: ${path}`),
    '',
    `Sitemap: ${baseUrl}/sitemap.xml`,
    '',
  ].join('\n')
}
