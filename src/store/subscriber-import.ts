import { mergeRow, type ImportOutcome, type ImportRow } from '../subscribers/merge.ts'
import type { SubscriberImport } from '../subscribers/store.ts'
import type { SubscriptionState } from '../subscribers/subscriber.ts'
import type { People } from './people.ts'
import { maybeNumber, number } from './subscriber-rows.ts'
import { usualCheckpoint, type Database } from './sqlite.ts'

/** An import whose batches are one transaction each; at most one at a time on a connection. */
export function startImport(
  database: Database,
  people: People,
  options: { readonly dryRun: boolean },
): SubscriberImport {
  // Rows of a file come in no order, so that a batch touches pages all over the indexes: the longer a
  // page waits in the log (at most 40 MB), the more often it changes before it is written back once.
  database.exec('pragma wal_autocheckpoint = 10000')
  // A table of this connection, on disk when it grows: the memory does not depend on the file's length.
  // It is gone when the import ends or dies: nothing of it need be overwritten or rolled back.
  for (const pragma of ['cache_size = -32000', 'secure_delete = off', 'journal_mode = off'])
    database.exec(`pragma temp.${pragma}`)
  database.transaction(() => {
    database.prepare('drop table if exists temp.import_seen').run()
    database
      .prepare(
        `create temp table import_seen (newsletter text, address_key text, line integer not null, state text,
           primary key (newsletter, address_key)) without rowid`,
      )
      .run()
  })
  const see = database.prepare(`
    insert into temp.import_seen (newsletter, address_key, line, state) values (?, ?, ?, ?)
    on conflict do update set line = line returning line`)
  const write = writer(database, people)
  // What a trial has not written, it still knows.
  const suppressedBefore = database.prepare(
    `select 1 from temp.import_seen where newsletter = '' and address_key = ?`,
  )

  const chosen = database.prepare(
    `select max(at) as at from consent
     where subscriber_id = :id and kind in ('given', 'undone') and form in ('sign-up', 'preferences', 'undo')
       and (:newsletter is null or newsletter = :newsletter)`,
  )
  /** Whom a file would suppress, it would take off every newsletter. */
  const chosenAt = ({ person }: ReturnType<People['know']>, row: ImportRow): number | null => {
    if (person === null) return null
    const newsletter = row.state === 'suppressed' ? null : row.newsletter
    return maybeNumber(chosen.get({ id: person.id, newsletter }) ?? {}, 'at')
  }

  const take = (row: ImportRow): ImportOutcome => {
    const optOut = row.state === 'left' || row.state === 'suppressed'
    const seen = see.get(row.newsletter, row.address.key, row.line, row.state)
    const first = seen === undefined ? row.line : number(seen, 'line')
    // Somebody who stands there twice and left once, has left, whichever line comes first.
    if (first !== row.line && !optOut)
      return {
        kind: 'refused',
        why: 'twice',
        reason: `The same address stands on line ${first} already.`,
      }
    const found = people.know(row.address, row.newsletter)
    const known = { ...found, chosenAt: optOut ? chosenAt(found, row) : null }
    const trial = options.dryRun && suppressedBefore.get(row.address.key) !== undefined
    const merge = mergeRow(trial ? { ...known, suppressed: known.suppressed ?? 'import' } : known, row)
    if (!options.dryRun) write(row, known, merge)
    else if (merge.suppress) see.get('', row.address.key, row.line, row.state)
    return merge.outcome
  }

  return {
    write: async (rows) => database.transaction(() => rows.map(take)),
    close: async () => {
      database.prepare('drop table if exists temp.import_seen').run()
      database.exec(usualCheckpoint)
    },
  }
}

function writer(
  database: Database,
  people: People,
): (row: ImportRow, known: ReturnType<People['know']>, merge: ReturnType<typeof mergeRow>) => void {
  const keepConsent = database.prepare(`
    insert into consent (subscriber_id, newsletter, kind, asked_at, at, form, words)
    values (:id, :newsletter, :kind, :asked, :at, 'import', :words)`)
  const leftBefore = database.prepare(
    'update subscription set left_at = min(left_at, ?) where subscriber_id = ? and newsletter = ?',
  )

  return (row, known, { person, state, suppress }) => {
    let id = known.person?.id ?? null
    if (person !== null) {
      if (id === null) id = people.insert(row.address, known.hash, person.name, person.tier)
      else people.update(id, person.name, person.tier)
    }
    if (id !== null && state !== null) {
      const now = database.clock.now()
      const at = consentedAt(row, state, now)
      people.subscribe(id, row.newsletter, state, at === null ? null : { at, source: row.consentSource })
      if (person === null) people.touch(id)
      const words = wordsOf(row)
      const { askedAt = null, leftAt = null } = row.proof ?? {}
      const proof = { id, newsletter: row.newsletter, words }
      if (at !== null) keepConsent.run({ ...proof, kind: 'given', asked: Math.min(askedAt ?? at, at), at })
      if (state === 'left') {
        keepConsent.run({ ...proof, kind: 'withdrawn', asked: leftAt ?? now, at: leftAt ?? now })
        if (leftAt !== null) leftBefore.run(leftAt, id, row.newsletter)
      }
    }
    if (suppress) people.suppress(known.hash, 'import', row.proof?.suppressedFor ?? null)
  }
}

/** Without a date in the file, whoever imports says: they consent now. */
function consentedAt(row: ImportRow, state: SubscriptionState, now: number): number | null {
  return row.consentAt ?? (state === 'confirmed' ? now : null)
}

/** What proves it is not what they read there, but where the file came from and what it says. */
function wordsOf({ proof, consentSource, consentAt, state }: ImportRow): string {
  const undated = consentAt === null && (state ?? 'confirmed') === 'confirmed' ? '; the file has no date' : ''
  return `${proof?.title ?? 'a file'} (${consentSource})${undated}`
}
