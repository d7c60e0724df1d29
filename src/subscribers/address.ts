import { domainToASCII } from 'node:url'
import type { Tokens } from '../core/token.ts'

/** An e-mail address that passed `parseAddress`: safe in a header and in an SMTP envelope. */
export interface Address {
  /** To write to: the local part as it was given, the domain in lower-case ASCII (punycode). */
  readonly address: string
  /** Two spellings of one mailbox share it: `address` with the local part's case folded too. */
  readonly key: string
  readonly domain: string
  /** The local part is not ASCII: only a server that offers SMTPUTF8 (RFC 6531) takes it. */
  readonly smtputf8: boolean
}

/** An address, or in plain words why there is none: a predicate that follows “The address …”. */
export type ParsedAddress =
  | { readonly ok: true; readonly value: Address }
  | { readonly ok: false; readonly reason: string }

/** RFC 5321, 4.5.3.1.1, in octets. */
const MAX_LOCAL = 64
/** RFC 5321, 4.5.3.1.3: a path of 256 octets less its angle brackets. */
const MAX_ADDRESS = 254

/** RFC 5321 dot-string, widened by RFC 6531 to letters, marks, digits and symbols of any script. */
const localPart = /^[a-z0-9!#$%&'*+/=?^_`{|}~.\-\p{L}\p{M}\p{N}\p{S}\p{P}]+$/iu
const asciiSpecials = /["(),:;<>@[\\\]]/
/** Controls, invisible formatting, line and paragraph separators, halves of pairs, private use. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/u
const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Reads one bare address strictly: no name, quotes, comments, angle brackets, address literals or
 * control characters. Spaces, tabs and no-break spaces around it are taken off; a line break is not,
 * for it is how headers are injected.
 */
export function parseAddress(text: string): ParsedAddress {
  if (text.length > 1_000) return refuse('is too long: an address has at most 254 bytes')
  const trimmed = text.replace(/^[ \t\u00a0]+/, '').replace(/[ \t\u00a0]+$/, '')
  const given = trimmed.normalize('NFC')
  if (given === '') return refuse('is empty')
  if (unseen.test(given)) return refuse('holds a line break, a control character or an invisible one')
  if (/\s/u.test(given)) return refuse('holds a space')
  if (/[<>]/.test(given)) return refuse('holds angle brackets: give the address alone, without a name')
  if (/["()\\]/.test(given)) return refuse('holds quotes, brackets or a backslash')
  const at = given.lastIndexOf('@')
  if (at === -1) return refuse('has no @')
  if (given.indexOf('@') !== at) return refuse('has more than one @')
  const local = given.slice(0, at)
  const problem = localProblem(local)
  if (problem !== null) return refuse(problem)
  const domain = asciiDomain(given.slice(at + 1))
  if (!domain.ok) return refuse(domain.reason)
  const address = `${local}@${domain.value}`
  if (Buffer.byteLength(address) > MAX_ADDRESS) return refuse('is too long: an address has at most 254 bytes')
  const key = `${local.toLowerCase().normalize('NFC')}@${domain.value}`
  return {
    ok: true,
    value: { address, key, domain: domain.value, smtputf8: Buffer.byteLength(local) > local.length },
  }
}

/** What stands for an address where the address itself must not stay, such as a suppression. */
export function addressHash(tokens: Tokens, key: string): string {
  return tokens.digest('address', key)
}

function localProblem(local: string): string | null {
  if (local === '') return 'has nothing before the @'
  if (local.startsWith('.') || local.endsWith('.'))
    return 'has a dot at the beginning or the end of what is before the @'
  if (local.includes('..')) return 'has two dots in a row'
  if (Buffer.byteLength(local) > MAX_LOCAL) return 'is too long: at most 64 bytes before the @'
  if (asciiSpecials.test(local) || !localPart.test(local))
    return 'holds a character that an address cannot have'
  return null
}

type Domain = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string }

function asciiDomain(text: string): Domain {
  if (text === '') return refuse('has nothing after the @')
  if (text.startsWith('[')) return refuse('names a server by its number: a domain is needed')
  // What is ASCII must already be right: `domainToASCII` would mend “%41” or “127.1” silently.
  if (/[^a-z0-9.\-\u0080-\u{10ffff}]/iu.test(text))
    return refuse('has a domain with a character that no domain can have')
  if (text.startsWith('.') || text.endsWith('.') || text.includes('..'))
    return refuse('has a domain with a dot too many')
  const domain = domainToASCII(text.toLowerCase())
  if (domain === '') return refuse('has a domain that does not exist in any spelling')
  const labels = domain.split('.')
  if (labels.length < 2) return refuse('has a domain without a dot')
  if (domain.length > 253 || !labels.every((each) => label.test(each)))
    return refuse('has a domain that is not well formed')
  if (/^\d+$/.test(labels.at(-1) ?? '')) return refuse('names a server by its number: a domain is needed')
  return { ok: true, value: domain }
}

function refuse(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason }
}
