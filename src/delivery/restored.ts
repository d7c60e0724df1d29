import { OnrecordError } from '../core/errors.ts'
import { readStatus, waiting } from './status.ts'
import type { DeliveryStore, Restored } from './store.ts'

/**
 * A store that was put back from a backup does not know what was sent after it was made: nothing real
 * goes out of an issue before a person has said so.
 * @throws OnrecordError `refused` that says from when the backup is and who would get it again
 */
export async function refuseRestored(deliveries: DeliveryStore, issue: string): Promise<void> {
  const mark = await deliveries.restored()
  if (mark === null || mark.confirmed.includes(issue)) return
  const round = await deliveries.round(issue, 'real')
  const isOpen = round !== null && round.state !== 'done' && round.state !== 'cancelled'
  const leave = isOpen ? `; “onrecord send ${issue} --cancel” leaves it at what had gone out` : ''
  throw new OnrecordError('refused', await describeRestored(deliveries, issue, mark), {
    hint: `“onrecord send ${issue} --after-restore” sends it all the same${leave}`,
  })
}

/** From when the backup is, how the issue stood in it, and who would be mailed again. */
export async function describeRestored(
  deliveries: DeliveryStore,
  issue: string,
  mark: Restored,
): Promise<string> {
  const when = time(mark.backupAt)
  const intro = `The store was restored from a backup of ${when}: what was sent after that is not known here.`
  const round = await deliveries.round(issue, 'real')
  const notSent = `${intro} ${issue} had not been sent then. If it was sent since, everybody would get it again.`
  if (round === null) return notSent
  const status = await readStatus(deliveries, round)
  const count = (number: number): string => number.toLocaleString('en')
  // What was on the wire then nobody waits for any more; nobody may have looked at it since.
  const unknown = status.unknown + status.onWire
  const left = waiting(status) - status.onWire
  const heldBack = `${count(unknown)} unknown (not mailed again)`
  if (round.state === 'cancelled')
    return status.accepted + unknown === 0
      ? notSent
      : `${intro} The sending of ${issue} had been cancelled then: ${count(status.accepted)} had it, ${heldBack}. Whoever of the others was mailed after the backup would get it again.`
  if (round.state === 'done' || (left === 0 && round.state !== 'freezing'))
    return `${intro} ${issue} had been sent to ${count(status.accepted)} then${unknown === 0 ? '' : `, ${heldBack}`}; only people confirmed since would get it, and again if they had it.`
  return `${intro} ${issue} was in flight then: ${count(status.accepted)} had it, ${heldBack}, ${count(left)} waiting. Whoever of these was mailed after the backup would get it again.`
}

/** “2026-11-22 03:44 UTC”. */
function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
