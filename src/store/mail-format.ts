import type { Tokens } from '../core/token.ts'
import { addressHash, parseAddress } from '../subscribers/address.ts'
import type { MailFormat } from '../subscribers/readers.ts'
import type { Database } from './sqlite.ts'

/** How the person who has that address wants mail; of anybody else `html`, which is both parts. */
export async function mailFormat(database: Database, tokens: Tokens, address: string): Promise<MailFormat> {
  const parsed = parseAddress(address)
  if (!parsed.ok) return 'html'
  const row = database
    .prepare('select format from subscriber where address_hash = ? and erased_at is null')
    .get(addressHash(tokens, parsed.value.key))
  return row?.['format'] === 'text' ? 'text' : 'html'
}
