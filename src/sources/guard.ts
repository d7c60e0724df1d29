import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Keeps requests for sources on the public internet. A host is resolved once, every answer is
 * checked, and what is dialled is a checked address, never a name: a second answer of the name
 * server cannot move the request (OWASP: server-side request forgery, DNS rebinding).
 */
export interface GuardOptions {
  readonly resolver: Resolver
  /** The ports that may be dialled: 80 and 443; tests add their own. */
  readonly ports: ReadonlySet<number>
  /** Lets a test reach its own servers: true for an address and port that are allowed though not public. */
  readonly allowPrivate: (address: string, port: number) => boolean
}

/** All addresses of a host, as literals. Throws where there is none. */
export type Resolver = (host: string) => Promise<readonly string[]>

export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address)

export const publicPorts: ReadonlySet<number> = new Set([80, 443])

/** Where a request goes, checked. */
export interface Destination {
  readonly url: URL
  /** The literals to dial: the first that takes the connection. */
  readonly addresses: readonly string[]
  readonly port: number
  /** The host as the server knows it, without a trailing dot; goes into Host and SNI. */
  readonly host: string
}

export type Guarded =
  | { readonly kind: 'allowed'; readonly destination: Destination }
  /** Not an address of the public web; `message` says why, for a person. */
  | { readonly kind: 'blocked'; readonly message: string }
  /** The name has no address. */
  | { readonly kind: 'unknown-host'; readonly message: string }

/** Checks where `url` leads and fixes the address to dial. */
export async function guardUrl(url: URL, options: GuardOptions): Promise<Guarded> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return blocked('it is not http or https')
  if (url.username !== '' || url.password !== '') return blocked('it holds a user name or password')
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
  if (!options.ports.has(port)) return blocked(`port ${port} is not one of the web’s`)
  const host = url.hostname.replace(/^\[|\]$/gu, '').replace(/\.+$/u, '')
  const literal = isIP(host) !== 0
  // The URL parser has made decimal, octal, hexadecimal and full-width spellings plain by now.
  if (!literal && isLocalName(host)) return blocked(`${host} is a name of a local network`)
  let addresses: readonly string[]
  try {
    addresses = literal ? [host] : await options.resolver(host)
  } catch (error) {
    return { kind: 'unknown-host', message: `The host ${host} has no address (${codeOf(error)}).` }
  }
  if (addresses.length === 0) return { kind: 'unknown-host', message: `The host ${host} has no address.` }
  const allowed = addresses.every((each) => isPublicAddress(each) || options.allowPrivate(each, port))
  // One private answer among public ones is how a name server moves a second request.
  if (!allowed) return blocked(`${host} is not an address of the public internet`)
  return { kind: 'allowed', destination: { url, addresses, port, host } }
}

/**
 * Whether an IP literal is a public unicast address. Anything that is not one in its plain
 * spelling is none: addresses with a zone, and IPv4 within IPv6 (mapped, compatible, 6to4, Teredo,
 * NAT64, ISATAP), whose inner address another machine would unwrap. IANA special-purpose
 * registries, RFC 6890.
 */
export function isPublicAddress(address: string): boolean {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    const parsed = ipaddr.IPv4.parse(address)
    return parsed.range() === 'unicast' && !cloudAddresses.has(parsed.toString())
  }
  if (address.includes('%') || !ipaddr.IPv6.isValid(address)) return false
  const parsed = ipaddr.IPv6.parse(address)
  const [first = 0, second = 0, , , fifth = 0, sixth = 0] = parsed.parts
  const isGlobal = first >= 0x2000 && first <= 0x3fff
  const isDocumentation = first === 0x3fff && second < 0x1000
  // 2001::/23 is for protocols (Teredo, ORCHID, benchmarking), not for hosts.
  const isProtocol = first === 0x2001 && second < 0x200
  const isIsatap = (fifth & 0xfdff) === 0 && sixth === 0x5efe
  return parsed.range() === 'unicast' && isGlobal && !isDocumentation && !isProtocol && !isIsatap
}

/** Public by number, but answered by the machine’s own cloud (Azure’s WireServer). */
const cloudAddresses: ReadonlySet<string> = new Set(['168.63.129.16'])

/** Names that never leave a local network: RFC 6761, 6762, 8375, 9476; and names without a dot. */
function isLocalName(host: string): boolean {
  return (
    !host.includes('.') ||
    /(?:^|\.)(?:localhost|local|internal|home\.arpa|lan|intranet|onion|alt)$/u.test(host)
  )
}

function blocked(why: string): Guarded {
  return { kind: 'blocked', message: `This address is not fetched: ${why}.` }
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? code : 'no answer'
}
