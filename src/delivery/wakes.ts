import type { Round, RoundKind } from './round.ts'

/**
 * Wakes workers on other machines, so that they need not look all the time. Rows are the truth: a wake that is lost costs
 * no more than until the next look.
 */
export interface Wakes {
  /** Wakes one worker for a batch of a round; several before one is woken are one. */
  wake(round: Pick<Round, 'id' | 'kind'>): Promise<void>
  /** Whether this worker was woken since it last asked. */
  woken(kind: RoundKind): Promise<boolean>
}

/** Wakes one, where workers can be woken at all; a wake that is lost is no reason to stop. */
export async function tryWake(
  { wakes = null }: { readonly wakes?: Wakes | null },
  round: Pick<Round, 'id' | 'kind'>,
): Promise<void> {
  await wakes?.wake(round).catch(() => undefined)
}
