import type { Publication } from '../core/publication.ts'
import type { Tokens } from '../core/token.ts'
import type { EditionStore } from '../delivery/editions.ts'
import type { SubscriberStore } from '../subscribers/store.ts'

/** What the site is made from. */
export interface SiteDeps {
  readonly publication: Publication
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** What is published, frozen; the site never reads `briefs/`. */
  readonly editions: Pick<EditionStore, 'published' | 'listPublished'>
  readonly subscribers: Pick<SubscriberStore, 'unsubscribe'>
  readonly tokens: Tokens
  /** The folder of frozen images, named by their content. */
  readonly imagesDir: string
}
