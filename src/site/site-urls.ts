import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Archive } from '../delivery/archive.ts'
import { briefPath, issuePath, sourcePath } from './paths.ts'

/** A page that is to be found. */
export interface SiteUrl {
  /** From the root. */
  readonly path: string
  /** When it last changed, in milliseconds since the epoch; null: nobody keeps count. */
  readonly changedAt: number | null
}

/** Issues that are read at once, so that nobody waits long behind them. */
const ISSUES_AT_ONCE = 200

/** Every page of the public tier under its canonical address. */
export async function siteUrls(archive: Pick<Archive, 'heads' | 'works'>): Promise<SiteUrl[]> {
  const issues: SiteUrl[] = []
  let latest: number | null = null
  for (let from = 0; ; from += ISSUES_AT_ONCE) {
    const heads = await archive.heads('public', { from, count: ISSUES_AT_ONCE })
    for (const { issue, briefs, publishedAt } of heads) {
      latest = Math.max(latest ?? publishedAt, publishedAt)
      for (const path of [issuePath(issue), ...briefs.map(({ id }) => briefPath(issue, id))])
        issues.push({ path, changedAt: publishedAt })
    }
    if (heads.length < ISSUES_AT_ONCE) break
    // SQLite answers at once: others have their turn in between.
    await nextTurn()
  }
  return [
    { path: '/', changedAt: latest },
    { path: '/corrections', changedAt: latest },
    { path: '/how-we-source', changedAt: null },
    ...issues,
    ...(await archive.works('public')).map(({ issue, source, changedAt }) => ({
      path: sourcePath(issue, source),
      changedAt,
    })),
  ]
}
