import type { ReadyIssue } from './publish.ts'
import type { Round } from './round.ts'

/**
 * How the files stand to what a round had frozen:
 * - renewed: they have changed since the last rehearsal, and everybody gets the new version
 * - refrozen: they have changed; nothing had gone out, so the new version is sent
 * - kept: they have changed; something had gone out, so all the others get what was frozen too
 * - blocked: they could not go out as they are now; what was frozen goes out
 */
export interface FrozenChange {
  readonly kind: 'renewed' | 'refrozen' | 'kept' | 'blocked'
  /** When the round was frozen, milliseconds since the epoch. */
  readonly since: number
}

/** Whether the issue, as it is now, is what the round has frozen: its mail, and its page with a real send. */
export function isFrozenIn(
  { kind, editions }: Pick<Round, 'kind' | 'editions'>,
  { editions: now }: ReadyIssue,
): boolean {
  const samePage =
    kind === 'rehearsal' || editions.public === undefined || editions.public === now.public.hash
  return samePage && editions.subscriber === now.subscriber.hash && editions.member === now.member.hash
}
