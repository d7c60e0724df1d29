import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Tokens } from '../core/token.ts'
import type { ConsentNetwork } from '../subscribers/consent.ts'
import type { SiteDeps } from './deps.ts'

/** An IPv4 network of 256 addresses; of IPv6 as much as one customer of a provider is given. */
const BITS = { ipv4: 24, ipv6: 48 } as const

/** The network of an address in CIDR, `203.0.113.0/24` or `2001:db8:1::/48`; an IPv4 address in IPv6's clothes is one. */
export function networkOf(address: string): string {
  // `ipaddr.process` alone would take “127.1” and octal numbers.
  const [bare = ''] = address.split('%')
  if (!isIPv4(bare) && !isIPv6(bare)) return 'unknown'
  const kind = ipaddr.process(bare).kind()
  const cidr = `${ipaddr.process(bare).toString()}/${BITS[kind]}`
  const network =
    kind === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr)
  return `${network.toString()}/${BITS[kind]}`
}

/** What the proof of a consent keeps of the address that it came from (CONSENT_NETWORK). */
export function networkToKeep(
  address: string,
  { consentNetwork, tokens }: { readonly consentNetwork: ConsentNetwork; readonly tokens: Tokens },
): string | null {
  switch (consentNetwork) {
    case 'none':
      return null
    case 'truncated':
      return networkOf(address)
    case 'hashed':
      return tokens.digest('consent-network', address)
  }
}

/** A network's forms that write mail are counted within this long. */
const HOUR = 3_600_000

/** Whether a network may send one more form that asks for mail, of whatever kind; counts it. */
export function mayAsk(
  { readers, limits }: Pick<SiteDeps, 'readers' | 'limits'>,
  address: string,
): Promise<boolean> {
  return readers.allow('form', networkOf(address), { most: limits.signUpsPerHour, windowMs: HOUR })
}
