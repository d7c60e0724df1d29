import type { Tier } from '../core/tier.ts'
import type { Session } from '../subscribers/readers.ts'
import type { PageCache } from './page-cache.ts'

/** Who reads: by nothing, or by a session. A signed link in mail never makes one. */
export interface Reader {
  readonly tier: Tier
  readonly signedIn: boolean
  readonly session: Session | null
}

export const anybody: Reader = { tier: 'public', signedIn: false, session: null }

/** What hono's context of this site holds. */
export interface SiteEnv {
  Variables: {
    /** Set before any surface is asked. */
    reader: Reader
    /** The address the request came from, past the trusted proxies; never written down as it is. */
    address: string
    /** Pages that were made already, of every tier. */
    pageCache: PageCache
    /** Hash of the looks: part of every ETag. */
    looks: string
    /** What every answer has (see middleware/security-headers.ts). */
    securityHeaders: Readonly<Record<string, string>>
    /** An answer that was made with all of its headers: nothing behind it looks at them again. */
    whole: Response
  }
}
