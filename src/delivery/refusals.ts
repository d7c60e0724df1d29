import { OnrecordError } from '../core/errors.ts'
import type { Audience } from './store.ts'
import type { Transport } from './transport.ts'

/** RFC 2606 and RFC 6761: names that belong to nobody. */
const reserved = /(^|\.)(test|example|invalid|localhost|example\.(com|net|org))$/i

export function isReservedDomain(domain: string): boolean {
  return reserved.test(domain.replace(/\.$/, ''))
}

/** What a real send is about to use. */
export interface RealSend {
  readonly transport: Pick<Transport, 'kind' | 'local'>
  /** Where the links of the mail lead. */
  readonly baseUrl: string
  readonly from: string
  readonly audience: Audience
}

/**
 * Refuses a real send that could not be right: senders and recipients that cannot exist, an
 * unsubscribe link that readers could not open. The outbox, and a server on this machine, take all.
 * @throws OnrecordError `refused`
 */
export function refuseImpossible({ transport, baseUrl, from, audience }: RealSend): void {
  if (transport.kind === 'outbox' || transport.local) return
  const { protocol, hostname } = new URL(baseUrl)
  if (protocol !== 'https:' || isReservedDomain(hostname))
    throw new OnrecordError(
      'refused',
      `Readers could not open the unsubscribe link: BASE_URL is ${baseUrl}.`,
      {
        hint: 'set BASE_URL to the https address at which readers reach “onrecord serve”',
      },
    )
  if (isReservedDomain(from.slice(from.lastIndexOf('@') + 1)))
    throw new OnrecordError(
      'refused',
      `Nobody can have the sender’s address ${from}: its domain is reserved.`,
      {
        hint: 'set from.address in onrecord.yaml to an address of yours',
      },
    )
  if (audience.reserved > 0) {
    const people = audience.reserved === 1 ? '1 subscriber has' : `${audience.reserved} subscribers have`
    throw new OnrecordError(
      'refused',
      `${people} an address under a domain reserved for examples (.test, .example, example.org …).`,
      { hint: 'unsubscribe them before a real send; “onrecord subscribers list” shows them' },
    )
  }
}
