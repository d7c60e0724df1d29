import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemClock } from '../../core/clock.ts'
import { mailClients } from '../../core/mail-clients.ts'
import { tiers, type Tier } from '../../core/tier.ts'
import { version } from '../../core/version.ts'
import { parseYaml } from '../../core/yaml.ts'
import type { Inspection } from '../../email/compat/inspect.ts'
import { linksOf, type MailLink } from '../../email/compat/mail-links.ts'
import type { MailPlace } from '../../email/compat/mail-tree.ts'
import { openFetcher } from '../../sources/fetch-page.ts'
import type { IssueCompat, LinkCheck, LinkChecks, MailInspection, ShownRemark } from '../contract/compat.ts'
import type { TextPlace } from '../contract/finding.ts'
import type { Surface } from '../deps.ts'
import { asSentence } from '../findings.ts'
import { isAsked, openLinkChecks } from '../link-checks.ts'
import { nameOf, openRunningLinks, type KnownLinks } from '../running-links.ts'
import { bodyOf, noIssue } from './answer.ts'

const linkSchema = z.object({ tier: z.enum(['public', 'subscriber', 'member']) })

/** What the final HTML is like in the mail programs that readers use, and whether its links work. */
export const compat: Surface = (app, { deps, library, events, closing }) => {
  const { root, baseUrl } = deps
  const fetcher =
    deps.fetcher ??
    openFetcher({ userAgent: `Onrecord/${version} (+${baseUrl}; checks the links of its mail)` })
  const running = openRunningLinks({
    checks: openLinkChecks({ fetcher, clock: systemClock, baseUrl }),
    linksIn: (html) => pagesOf(linksOf(html).filter(({ url }) => isAsked(url, baseUrl))),
    onProgress: (name) => events.send({ what: 'links', id: name.slice(name.indexOf(' ') + 1) }),
  })
  closing.addEventListener('abort', () => running.close())

  app.get('/api/issues/:id/compat', async (c) => {
    const id = c.req.param('id')
    const tier = tierOf(c.req.query('tier'))
    const issue = (await library.issue(id)) ?? noIssue(id)
    const { editions = null, files = [] } = issue.shown ?? {}
    const found = editions === null ? null : await library.checks.inspect(id, tier)
    const placeOf = placesIn(files)
    const html = found?.html ?? ''
    const known = running.look(`${tier} ${id}`, html, c.req.query('links') === 'on')
    return c.json<IssueCompat>({
      version: issue.version,
      tier,
      mail: found === null ? null : mailOf(found.inspection, placeOf, await clientsLine(root)),
      links: linksOfMail(known, pagesOf(linksOf(html)).length, placeOf),
    })
  })

  app.post('/api/issues/:id/compat/links', async (c) => {
    const id = c.req.param('id')
    if ((await library.issue(id)) === null) return noIssue(id)
    const { tier } = await bodyOf(c, linkSchema)
    running.again(`${tier} ${id}`)
    return c.json({}, 202)
  })
}

/** Links to several places of one page are one. */
function pagesOf(links: readonly MailLink[]): readonly MailLink[] {
  return [...Map.groupBy(links, ({ kind, url }) => `${kind} ${pageOf(url)}`).values()].flatMap(
    ([first]) => first ?? [],
  )
}

function pageOf(url: string): string {
  return url.replace(/#.*$/su, '')
}

function tierOf(tier: string | undefined): Tier {
  return tiers.find((each) => each === tier) ?? 'subscriber'
}

type PlaceOf = (place: MailPlace | null) => TextPlace | null

function placesIn(files: readonly string[]): PlaceOf {
  return (place) => {
    const [, number, line, column] = /^(\d+):(\d+):(\d+)-/.exec(place?.mark ?? '') ?? []
    const file = files[Number(number ?? -1)]
    return file === undefined ? null : { file, line: Number(line), column: Number(column) }
  }
}

const abouts: Readonly<Record<string, ShownRemark['about']>> = {
  client: 'programs',
  contrast: 'contrast',
  size: 'size',
  header: 'header',
}

function mailOf(inspection: Inspection, placeOf: PlaceOf, line: number | null): MailInspection {
  const { remarks, sizes, contrast, unnoticed, dataFrom, clients } = inspection
  const name = (id: Inspection['clients'][number]): string => mailClients[id].name
  return {
    ...{ sizes, contrast, unnoticed, dataFrom, clientsLine: line, clients: clients.map(name) },
    remarks: remarks.map(
      ({ code, severity, message, hint, count, notes, more, clients: lacking, place }) => ({
        ...{ code, severity, message, count, notes, more },
        hint: hint === null ? null : asSentence(hint),
        about: abouts[code.split('.')[0] ?? ''] ?? 'form',
        clients: lacking.map(name),
        place: placeOf(place),
      }),
    ),
  }
}

/** The line of onrecord.yaml that names the mail programs, or null. */
async function clientsLine(root: string): Promise<number | null> {
  const yaml = parseYaml(await readFile(join(root, 'onrecord.yaml'), 'utf8').catch(() => ''), '')
  return Reflect.has(Object(yaml.value), 'clients') ? yaml.keyAt(['clients']).line : null
}

function linksOfMail({ running, links, results }: KnownLinks, all: number, placeOf: PlaceOf): LinkChecks {
  const shown = links.map((link): LinkCheck => {
    const found = results.get(nameOf(link))
    const about = { url: pageOf(link.url), kind: link.kind, place: placeOf(link.place) }
    if (found === undefined) return { ...about, state: 'waiting', sentence: null, movedTo: null, at: null }
    const { state, message, movedTo, checkedAt } = found
    return { ...about, state, sentence: message, movedTo, at: checkedAt }
  })
  const done = shown.filter(({ state }) => state !== 'waiting').length
  return { running, done, total: links.length, results: shown, skipped: all - links.length }
}
