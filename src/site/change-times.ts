import type { SiteDeps } from './deps.ts'

/**
 * Gives Last-Modified of what is made from the archive alone: when that was published, or when this site was
 * opened if that is later, since another program or other settings may write the same in another way.
 */
export function changeTimes({
  archive,
  clock,
}: Pick<SiteDeps, 'archive' | 'clock'>): (publishedAt?: number | null) => number {
  const openedAt = clock.now()
  return (publishedAt = archive.changedAt()) => Math.max(publishedAt ?? 0, openedAt)
}
