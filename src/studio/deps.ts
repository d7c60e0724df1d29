import type { Hono } from 'hono'
import type { Log } from '../core/log.ts'
import type { EditionStore } from '../delivery/editions.ts'
import type { DeliveryHistory, Received } from '../delivery/history.ts'
import type { DeliveryReports } from '../delivery/report.ts'
import type { DeliveryStore } from '../delivery/store.ts'
import type { ImportDesk } from '../subscribers/import-session.ts'
import type { ReaderStore } from '../subscribers/readers.ts'
import type { PageFetcher } from '../sources/fetch-page.ts'
import type { SubscriberStore } from '../subscribers/store.ts'
import type { Approvals } from './approvals.ts'
import type { EditorsFiles } from './draft-files.ts'
import type { Events } from './events.ts'
import type { Library } from './library.ts'
import type { Builder } from './preview.ts'
import type { Sending } from './sending.ts'
import type { Standings } from './standings.ts'

/** What the studio is made from. */
export interface StudioDeps {
  /** The publication's folder. */
  readonly root: string
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** The mailbox that is shown. */
  readonly outboxDir: string
  /** Images of what was sent, named by their content. */
  readonly imagesDir: string
  /** The stored copies of sources; without them, links to passages are made of the quotations alone. */
  readonly snapshotsDir?: string
  /** Whether mail goes to the outbox alone: no server is set. */
  readonly rehearsal: boolean
  /** The mail server, without credentials; default: none. */
  readonly server?: string
  /** Where the site is on this machine, without a trailing slash; default: it is not here. */
  readonly siteUrl?: string
  /**
   * The stores, opened when they are first asked for, so that the studio starts without them; the same
   * ones each time. Whoever gives them closes them, after the studio.
   */
  stores(): Promise<StudioStores>
  /** Whether there is a store, or one is being opened: a look at a list makes none. Default: there is. */
  hasStores?(): boolean
  /** Default: a thread that builds from the files under `root`. */
  readonly builder?: Builder
  /** Told of every fault of our own that a page was answered; default: nobody is. */
  readonly log?: Log
  /** Reads pages for sources; default: one that asks the public web alone, politely. */
  readonly fetcher?: PageFetcher
}

/** What the studio knows of people and of what was sent. */
export interface StudioStores {
  readonly subscribers: SubscriberStore
  /** The same people, by what they may do themselves; erasing clears the outbox of them too. */
  readonly readers: ReaderStore
  readonly imports: ImportDesk
  /** Copies of the store from before an upgrade or a restore, which an erasure does not reach. */
  keptCopies(): readonly string[]
  readonly history: DeliveryHistory
  /** What exactly somebody received; null: there is no such delivery. */
  received(delivery: number): Promise<Received | null>
  readonly standings: Standings
  readonly deliveries: DeliveryStore
  readonly reports: DeliveryReports
  readonly editions: EditionStore
  /** Null: this studio records no approvals. */
  readonly approvals: Approvals | null
  /** Null: this studio cannot send. */
  readonly sending: Sending | null
}

/** What every surface works with. */
export interface Workbench {
  readonly deps: StudioDeps
  readonly library: Library
  readonly events: Events
  /** The editors' texts: whoever writes one writes it by `files.save`. */
  readonly files: EditorsFiles
  /** Aborted when the studio closes: what runs in the background ends then. */
  readonly closing: AbortSignal
}

/** Adds the routes of one surface. */
export type Surface = (app: Hono, bench: Workbench) => void
