import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../../src/core/clock.ts'
import { createTokens, type Tokens } from '../../src/core/token.ts'
import { publicationSchema, type Publication } from '../../src/core/publication.ts'
import type { LogFields } from '../../src/core/log.ts'
import type { Tier } from '../../src/core/tier.ts'
import { parseYaml } from '../../src/core/yaml.ts'
import type { EditionStore } from '../../src/delivery/editions.ts'
import type { Edition } from '../../src/email/edition.ts'
import { buildEditions, type BuildOptions } from '../../src/email/build.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { createMetrics } from '../../src/site/metrics.ts'
import { openPages } from '../../src/site/pages.ts'
import { createSite } from '../../src/site/site.ts'
import type { SiteDeps } from '../../src/site/deps.ts'
import { openArchive } from '../../src/store/archive.ts'
import { openEditions } from '../../src/store/editions.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase, type Database } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'

const root = join(import.meta.dirname, '..', '..')

/** The site over a store, with the looks and the sample publication of the checkout. */
export interface StoreBed {
  readonly site: ReturnType<typeof createSite>
  readonly deps: SiteDeps
  readonly subscribers: SubscriberStore
  readonly editions: EditionStore
  readonly tokens: Tokens
  /** What was logged, as it was. */
  readonly logged: { event: string; fields: LogFields }[]
  /** Set `time`, in milliseconds since the epoch, to move it. */
  readonly clock: { time: number; now(): number }
  /** Builds and publishes an issue of `briefs/`, or of another publication's folder. */
  publish(issue: string, folder?: string): Promise<void>
  /** Somebody who has confirmed. */
  person(address: string, tier?: 'subscriber' | 'member', newsletter?: string): Promise<{ publicId: string }>
  /** A form as a browser on the site sends it. */
  post(
    path: string,
    fields?: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<Response>
}

/** The same over a store in memory. */
export interface SiteBed extends StoreBed {
  readonly database: Database
}

export const samplePublication: Publication = publicationSchema.parse(
  parseYaml(readFileSync(join(root, 'onrecord.yaml'), 'utf8'), 'onrecord.yaml').value,
)

/** What the bed needs of a store. */
export interface BedStores extends Pick<SiteDeps, 'archive' | 'readers'> {
  readonly subscribers: SubscriberStore
  readonly editions: EditionStore
}

export async function openBed(change: Partial<SiteDeps> = {}): Promise<SiteBed> {
  const bed = await openBedOn((tokens, clock) => {
    const database = openDatabase(':memory:', clock)
    return {
      database,
      archive: openArchive(database),
      readers: openReaders(database, { tokens, sessionDays: 90 }),
      subscribers: openSubscriberStore(database, tokens),
      editions: openEditions(database),
    }
  }, change)
  return { ...bed, database: bed.stores.database }
}

/** @param open the stores, that the bed's clock moves */
export async function openBedOn<Stores extends BedStores>(
  open: (tokens: Tokens, clock: Clock) => Stores | Promise<Stores>,
  change: Partial<SiteDeps> = {},
): Promise<StoreBed & { readonly stores: Stores }> {
  const publication = change.publication ?? samplePublication
  const baseUrl = change.baseUrl ?? 'https://brief.example.org'
  const tokens = createTokens('0123456789abcdef0123456789abcdef')
  const clock = { time: Date.parse('2026-01-05T08:00:00Z'), now: () => clock.time }
  const stores = await open(tokens, clock)
  const { subscribers, editions, archive, readers } = stores
  const builtIn = await loadTemplate(join(root, 'templates', 'weekly'))
  const logged: SiteBed['logged'] = []
  const deps: SiteDeps = {
    publication,
    baseUrl,
    archive,
    readers,
    pages: openPages({ publication, baseUrl, looks: new Map(), builtIn }),
    tokens,
    imagesDir: mkdtempSync(join(tmpdir(), 'onrecord-site-')),
    clock,
    log: (_level, event, fields = {}) => void logged.push({ event, fields }),
    metrics: createMetrics(),
    limits: { sessionDays: 90, signUpsPerHour: 20, searchesPerMinute: 1_000_000 },
    trustProxy: 0,
    consentNetwork: 'truncated',
    metricsToken: null,
    wakeMailer: () => undefined,
    ready: () => true,
    ...change,
  }
  const site = createSite(deps)
  return {
    ...{ stores, site, deps, subscribers, editions, tokens, logged, clock },
    async publish(issue, folder = root) {
      await editions.publish(await built(issue, folder, { publication, baseUrl, template: builtIn }))
    },
    async person(text, tier = 'subscriber', newsletter = 'weekly') {
      const address = parseAddress(text)
      if (!address.ok) throw new Error(address.reason)
      await subscribers.add({
        ...{ address: address.value, name: null, tier, newsletter, source: 'test', again: false },
      })
      const found = await subscribers.find(address.value)
      if (found === null) throw new Error('nobody was added')
      return { publicId: found.publicId }
    },
    post: async (path, fields = {}, headers = {}) =>
      site.request(path, {
        method: 'POST',
        body: new URLSearchParams(fields).toString(),
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Origin: baseUrl,
          'Sec-Fetch-Site': 'same-origin',
          ...headers,
        },
      }),
  }
}

const kept = new Map<string, Promise<Readonly<Record<Tier, Edition>>>>()

/** Building takes its time, and what was built stays the same: once a test file. */
function built(
  issue: string,
  folder: string,
  options: BuildOptions,
): Promise<Readonly<Record<Tier, Edition>>> {
  const key = JSON.stringify([issue, folder, options.baseUrl, options.publication])
  const known = kept.get(key) ?? build(issue, folder, options)
  kept.set(key, known)
  return known
}

async function build(
  issue: string,
  folder: string,
  options: BuildOptions,
): Promise<Readonly<Record<Tier, Edition>>> {
  const { editions } = await buildEditions(await loadIssue(folder, issue, options.publication), options)
  const of = (tier: Tier): Edition => {
    const edition = editions.find((each) => each.tier === tier)
    if (edition === undefined) throw new Error(`${issue} has no ${tier} edition`)
    return edition
  }
  return { public: of('public'), subscriber: of('subscriber'), member: of('member') }
}
