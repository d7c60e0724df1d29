import type { TickedSource } from '../../../contract/approval.ts'

/** Whether a source was ticked off as it is now. */
export function isChecked({ tick, stale }: TickedSource): boolean {
  return tick !== null && !stale
}
