import { parseAddress } from '../../subscribers/address.ts'
import type { Account } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'

/** A wish to change, as the person sees it in their account. */
export function changeWaiting(change: Row | undefined): Account['change'] {
  if (change === undefined) return null
  const waitsFor = (['from', 'to'] as const).filter((side) => change[`${side}_confirmed_at`] === null)
  return { to: String(change['address']), waitsFor }
}

/** Both addresses, shortened: who has one mailbox is not told the other. */
export function changeSeen(from: string, to: string): { readonly from: string; readonly to: string } {
  return { from: shortened(from), to: shortened(to) }
}

/** `a…@example.org`. */
function shortened(address: string): string {
  const parsed = parseAddress(address)
  const [first = ''] = address
  return parsed.ok ? `${first}…@${parsed.value.domain}` : '…'
}
