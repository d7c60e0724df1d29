import type { Tokens } from '../../core/token.ts'
import { addressHash, parseAddress } from '../../subscribers/address.ts'
import type { MailFormat } from '../../subscribers/readers.ts'
import type { StoreState } from '../stores.ts'
import { number } from '../subscriber-rows.ts'
import { tally } from './delivery-statements.ts'
import { schemaStep } from './migrate.ts'
import { postgresMigrations } from './migrations/index.ts'
import type { Connection } from './pool.ts'

/** By the key, from the last on: the rounds of a publication are some hundreds. */
const latestRound = "select id from round where kind = 'real' order by id desc limit 1"

/** What a probe asks: of deliveries the slices' counts alone are read, but for those that are being sent. */
export function openPostgresHealth(database: Connection): StoreState {
  return {
    schemaIsCurrent: async () => (await schemaStep(database)) === postgresMigrations.at(-1)?.number,
    async latestDeliveries() {
      const round = await database.row(latestRound)
      if (round === undefined) return []
      const rows = await database.rows(tally, [number(round, 'id')])
      return rows.map((row) => ({ state: String(row['state']), count: number(row, 'count') }))
    },
  }
}

/** How the person who has that address wants mail; of anybody else `html`, which is both parts. */
export async function mailFormat(database: Connection, tokens: Tokens, address: string): Promise<MailFormat> {
  const parsed = parseAddress(address)
  if (!parsed.ok) return 'html'
  const row = await database.row(
    'select format from subscriber where address_hash = $1 and erased_at is null',
    [addressHash(tokens, parsed.value.key)],
  )
  return row?.['format'] === 'text' ? 'text' : 'html'
}
