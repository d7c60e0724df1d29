import type { SiteDeps } from './deps.ts'

/**
 * Gives Last-Modified of what is made from the archive alone: when that was published, or when this site was
 * opened if that is later, since another program or other settings may write the same in another way. Asked before
 * the archive's version, so that no older page bears a later time.
 */
export function changeTimes({
  archive,
  clock,
}: Pick<SiteDeps, 'archive' | 'clock'>): (publishedAt?: number | null) => Promise<number> {
  const openedAt = clock.now()
  return async (publishedAt) =>
    Math.max((publishedAt === undefined ? await archive.changedAt() : publishedAt) ?? 0, openedAt)
}
