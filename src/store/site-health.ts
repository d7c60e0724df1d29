import { migrations } from './migrations/index.ts'
import type { Database } from './sqlite.ts'

/** Whether the schema is the one this version knows: another process may have brought it further meanwhile. */
export async function schemaIsCurrent(database: Database): Promise<boolean> {
  const found = database.prepare('select max(number) as number from migration').get()?.['number']
  return Number(found) === migrations.at(-1)?.number
}

/** How the deliveries of the latest round that was sent for real stand; one index is read. */
export async function latestDeliveries(
  database: Database,
): Promise<readonly { readonly state: string; readonly count: number }[]> {
  return database
    .prepare(
      `select state, count(*) as count from delivery
       where round_id = (select max(id) from round where kind = 'real') group by state`,
    )
    .all()
    .map((row) => ({ state: String(row['state']), count: Number(row['count']) }))
}
