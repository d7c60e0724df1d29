import type { SenderLock } from '../../delivery/store.ts'
import type { Postgres } from './pool.ts'

const take = 'select pg_try_advisory_lock(7143, $1::integer)::int as taken'

/**
 * The right to do what one process at a time does, such as freezing and concluding a round: held on a connection of its
 * own, so that PostgreSQL gives it back when that breaks or its process dies. What is sent is held by leases instead.
 * @param of which right: the id of a round, or 0
 * @returns null while another process has it
 */
export async function lockPostgresSender(database: Postgres, of = 0): Promise<SenderLock | null> {
  const session = await database.session()
  try {
    if ((await session.row(take, [of]))?.['taken'] === 1) return { release: () => session.close(true) }
    session.close()
    return null
  } catch (error) {
    session.close(true)
    throw error
  }
}
