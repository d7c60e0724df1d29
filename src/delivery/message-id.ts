import { domainToASCII } from 'node:url'
import type { Tokens } from '../core/token.ts'
import type { Round } from './round.ts'

/**
 * The Message-ID of one person's copy: the same on every attempt, another in another round, and it
 * tells nothing about the person.
 */
export function messageId(
  tokens: Tokens,
  round: Pick<Round, 'issue' | 'kind' | 'number'>,
  publicId: string,
  host: string,
): string {
  const subject = [round.issue, round.kind, round.number, publicId].join('\0')
  return `<${tokens.digest('message-id', subject)}@${host}>`
}

/** Where Message-IDs are unique: the domain of the sender's address, in ASCII. */
export function messageIdHost(fromAddress: string): string {
  const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1).toLowerCase()
  return /^[!-~]*$/.test(domain) ? domain : domainToASCII(domain)
}
