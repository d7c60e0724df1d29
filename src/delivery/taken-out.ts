import { OnrecordError } from '../core/errors.ts'
import type { Round, RoundKind } from './round.ts'
import type { DeliveryStore } from './store.ts'

/** The rounds whose deliveries an operator has taken out of the store (docs/scaling.md, “Retention”): who they went to is not known. */
export async function takenOut(
  deliveries: Pick<DeliveryStore, 'keepsRows'>,
  rounds: readonly Round[],
): Promise<readonly Round[]> {
  const found = []
  for (const round of rounds) if (!(await deliveries.keepsRows(round.id))) found.push(round)
  return found
}

/** Said of such a round. */
export function takenOutText(issue: string): string {
  return `Who had ${issue} is not in the store any more: its deliveries were taken out.`
}

/** @throws OnrecordError `refused` for an issue of which a round was taken out: sent again, it would go to everybody */
export async function refuseTakenOut(
  deliveries: Pick<DeliveryStore, 'rounds' | 'keepsRows'>,
  issue: string,
  kind: RoundKind,
): Promise<void> {
  const rounds = (await deliveries.rounds(issue)).filter((round) => round.kind === kind)
  if ((await takenOut(deliveries, rounds)).length === 0) return
  throw new OnrecordError(
    'refused',
    `${takenOutText(issue)} It is not sent again, for everybody would get it twice.`,
    {
      hint: 'whoever is new reads it on the site; to mail them, attach that part of the table “delivery” again (docs/scaling.md, “Retention”)',
    },
  )
}
