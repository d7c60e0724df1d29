import { refusalReasons, type RefusalReason } from './merge.ts'

/** Why rows of an import are refused, after “12 ” or “one row”. */
const words: Readonly<Record<RefusalReason, string>> = {
  left: 'left here before, and that stays',
  suppressed: 'suppressed here, and that stays',
  erased: 'erased here on request, and that stays',
  here: 'subscribed here in person after opting out there, and that stays',
  there: 'without a subscription there',
  twice: 'more than once in the file',
  address: 'with an address that cannot be written to',
  name: 'with a name that no header can hold',
  date: 'with a date of consent that cannot be',
  word: 'with a tier, state or newsletter that is not known',
  row: 'not readable as a row',
}

/** How many rows were refused, and why in words, in the order of the reasons; none that no row was. */
export function countedRefusals(
  refusals: Readonly<Partial<Record<RefusalReason, number>>>,
): (readonly [number, string])[] {
  return refusalReasons.flatMap((why) => {
    const count = refusals[why]
    return count === undefined ? [] : [[count, words[why]] as const]
  })
}
