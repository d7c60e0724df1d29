import { parseAddress, type Address } from '../../src/subscribers/address.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import type { SubscriberTier } from '../../src/subscribers/subscriber.ts'

export function address(text: string): Address {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(`${text} ${parsed.reason}`)
  return parsed.value
}

/** Adds `count` people who have confirmed: `<prefix>1@<domain>` and so on, in turn; every third a member. */
export async function addPeople(
  subscribers: SubscriberStore,
  count: number,
  prefix = 'reader',
  domains: readonly string[] = ['reader.test'],
): Promise<void> {
  const importing = subscribers.startImport({ dryRun: false })
  const rows = Array.from({ length: count }, (_, index) => ({
    line: index + 2,
    address: address(`${prefix}${index + 1}@${domains[index % domains.length]}`),
    newsletter: 'weekly',
    name: null,
    tier: (index % 3 === 0 ? 'member' : 'subscriber') satisfies SubscriberTier as SubscriberTier,
    state: 'confirmed' as const,
    consentAt: null,
    consentSource: 'test',
  }))
  for (let at = 0; at < rows.length; at += 1_000) await importing.write(rows.slice(at, at + 1_000))
  await importing.close()
}
