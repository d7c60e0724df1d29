import { mergeRow, type ImportOutcome, type ImportRow } from '../subscribers/merge.ts'
import type { SubscriberImport } from '../subscribers/store.ts'
import type { SubscriptionState } from '../subscribers/subscriber.ts'
import type { Consent, People } from './people.ts'
import { number } from './subscriber-rows.ts'
import type { Database } from './sqlite.ts'

/** An import whose batches are one transaction each; at most one at a time on a connection. */
export function startImport(
  database: Database,
  people: People,
  options: { readonly dryRun: boolean },
): SubscriberImport {
  // Rows of a file come in no order, so that a batch touches pages all over the indexes: the longer a
  // page waits in the log (at most 40 MB), the more often it changes before it is written back once.
  database.prepare('pragma wal_autocheckpoint = 10000').all()
  // A table of this connection, on disk when it grows: the memory does not depend on the file's length.
  database.transaction(() => {
    database.prepare('drop table if exists temp.import_seen').run()
    database
      .prepare(
        `create temp table import_seen (newsletter text, address_key text, line integer not null,
           primary key (newsletter, address_key)) without rowid`,
      )
      .run()
  })
  const see = database.prepare(`
    insert into temp.import_seen (newsletter, address_key, line) values (?, ?, ?)
    on conflict do update set line = line returning line`)

  const writeRow = (row: ImportRow): ImportOutcome => {
    const seen = see.get(row.newsletter, row.address.key, row.line)
    const first = seen === undefined ? row.line : number(seen, 'line')
    if (first !== row.line)
      return { kind: 'refused', reason: `The same address stands on line ${first} already.` }
    const known = people.know(row.address, row.newsletter)
    const merge = mergeRow(known, row)
    if (!options.dryRun) apply(people, row, known, merge, database.clock.now())
    return merge.outcome
  }

  return {
    write: async (rows) => database.transaction(() => rows.map(writeRow)),
    close: async () => {
      database.prepare('drop table if exists temp.import_seen').run()
      database.prepare('pragma wal_autocheckpoint = 1000').all()
    },
  }
}

function apply(
  people: People,
  row: ImportRow,
  known: ReturnType<People['know']>,
  merge: ReturnType<typeof mergeRow>,
  now: number,
): void {
  const { person, state } = merge
  let id = known.person?.id ?? null
  if (person !== null) {
    if (id === null) id = people.insert(row.address, known.hash, person.name, person.tier)
    else people.update(id, person.name, person.tier)
  }
  if (id !== null && state !== null) {
    people.subscribe(id, row.newsletter, state, consentOf(row, state, now))
    if (person === null) people.touch(id)
  }
  if (merge.suppress) people.suppress(known.hash, 'import', null)
}

/** Without a date in the file, whoever imports says: they consent now. */
function consentOf(row: ImportRow, state: SubscriptionState, now: number): Consent | null {
  const at = row.consentAt ?? (state === 'confirmed' ? now : null)
  return at === null ? null : { at, source: row.consentSource }
}
