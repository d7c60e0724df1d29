import type { Hono } from 'hono'
import type { Clock } from '../core/clock.ts'
import type { Log } from '../core/log.ts'
import type { Publication } from '../core/publication.ts'
import type { Tokens } from '../core/token.ts'
import type { Archive } from '../delivery/archive.ts'
import type { ConsentNetwork } from '../subscribers/consent.ts'
import type { ReaderStore } from '../subscribers/readers.ts'
import type { SiteEnv } from './env.ts'
import type { Metrics } from './metrics.ts'
import type { Pages } from './pages.ts'

/** What the site is made from. */
export interface SiteDeps {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash or path; the only origin that any answer names. */
  readonly baseUrl: string
  /** What is published, frozen; the site never reads `briefs/`. */
  readonly archive: Archive
  readonly readers: ReaderStore
  readonly pages: Pages
  readonly tokens: Tokens
  /** The folder of frozen images, named by their content. */
  readonly imagesDir: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly limits: SiteLimits
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: number
  readonly consentNetwork: ConsentNetwork
  /** Null: `/metrics` answers only programs on this machine. */
  readonly metricsToken: string | null
  /** Looks for letters at once, instead of at the next tick. */
  wakeMailer(): void
  /** Whether requests can be answered: the store takes changes, letters go out, nobody has asked the process to end. */
  ready(): boolean | Promise<boolean>
}

export interface SiteLimits {
  readonly sessionDays: number
  /** Forms that one network may send in an hour. */
  readonly signUpsPerHour: number
  /** The same of searches, each of which takes the process some time; default: 120. */
  readonly searchesPerMinute?: number
}

/** Adds the routes of one surface. */
export type Surface = (app: Hono<SiteEnv>, site: SiteDeps) => void
