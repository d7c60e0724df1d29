import type { Archive } from '../delivery/archive.ts'
import { briefPath, issuePath, sourcePath } from './paths.ts'

/** A page that is to be found. */
export interface SiteUrl {
  /** From the root. */
  readonly path: string
  /** When it last changed, in milliseconds since the epoch; null: nobody keeps count. */
  readonly changedAt: number | null
}

/** Every page of the public tier under its canonical address. */
export async function siteUrls(archive: Pick<Archive, 'heads' | 'works'>): Promise<SiteUrl[]> {
  const heads = await archive.heads('public')
  const latest = heads.length === 0 ? null : Math.max(...heads.map(({ publishedAt }) => publishedAt))
  return [
    { path: '/', changedAt: latest },
    { path: '/corrections', changedAt: latest },
    { path: '/how-we-source', changedAt: null },
    ...heads.flatMap(({ issue, briefs, publishedAt }) => {
      const path = issuePath(issue)
      const pages = [path, ...briefs.map(({ id }) => briefPath(issue, id))]
      return pages.map((each) => ({ path: each, changedAt: publishedAt }))
    }),
    ...(await archive.works('public')).map(({ issue, source, changedAt }) => ({
      path: sourcePath(issue, source),
      changedAt,
    })),
  ]
}
