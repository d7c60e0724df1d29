import type { Tokens } from '../../core/token.ts'
import { addressHash } from '../../subscribers/address.ts'
import { mergeRow, type ImportOutcome, type ImportRow } from '../../subscribers/merge.ts'
import type { SubscriberImport } from '../../subscribers/store.ts'
import { maybeNumber, number, text, type Row } from '../subscriber-rows.ts'
import { shareImports, stopPeople } from './delivery-statements.ts'
import * as sql from './import-statements.ts'
import { knownOf, newPublicId } from './people.ts'
import type { Connection, Postgres, Session } from './pool.ts'
import { json } from './values.ts'
import { importWrites, type Known, type Merged } from './import-writes.ts'

/**
 * An import whose batches are one transaction each. What is known of a batch is read at once, each row is decided
 * by the same rules as on SQLite, and what comes of it is written at once.
 */
export function startImport(
  database: Postgres,
  tokens: Tokens,
  { dryRun }: { readonly dryRun: boolean },
): SubscriberImport {
  let opened: Promise<Session> | null = null
  const open = async (): Promise<Session> => {
    const session = await database.session()
    // On disk when it grows, and gone with the connection: the memory does not depend on the file's length.
    await session.script(sql.seenTable)
    return session
  }

  const write = async (connection: Connection, rows: readonly ImportRow[]): Promise<ImportOutcome[]> => {
    await connection.row(shareImports)
    if (rows.some(({ state }) => state === 'left' || state === 'suppressed')) await connection.row(stopPeople)
    const outcomes = new Map<ImportRow, ImportOutcome>()
    for (const wave of waves(rows)) {
      const first = await see(connection, wave)
      const taken: ImportRow[] = []
      for (const row of wave) {
        const line = first.get(row) ?? row.line
        const optOut = row.state === 'left' || row.state === 'suppressed'
        // Somebody who stands there twice and left once, has left, whichever line comes first.
        if (line === row.line || optOut) taken.push(row)
        else {
          const reason = `The same address stands on line ${line} already.`
          outcomes.set(row, { kind: 'refused', why: 'twice', reason })
        }
      }
      const known = await look(connection, tokens, taken)
      const suppressed = dryRun ? await suppressedBefore(connection, taken) : new Set<string>()
      const merged = taken.map((row): Merged => {
        const found = known(row)
        const trial = suppressed.has(row.address.key)
        const merge = mergeRow(trial ? { ...found, suppressed: found.suppressed ?? 'import' } : found, row)
        outcomes.set(row, merge.outcome)
        return { row, known: found, merge, publicId: newPublicId() }
      })
      if (!dryRun) await importWrites(connection, merged, database.clock.now())
      else {
        // What a trial has not written, it still knows.
        const keys = merged.flatMap(({ row, merge }) => (merge.suppress ? [row.address.key] : []))
        if (keys.length > 0) await connection.run(sql.seeSuppressed, [keys])
      }
    }
    return rows.map((row) => outcomes.get(row) ?? { kind: 'unchanged' })
  }

  return {
    async write(rows) {
      opened ??= open()
      const session = await opened
      return session.transaction((connection) => write(connection, rows))
    },
    async close() {
      const session = await opened
      opened = null
      session?.close(true)
    },
  }
}

/** In their order, and no address twice in one: what a row says of somebody is written before the next is read. */
function waves(rows: readonly ImportRow[]): readonly (readonly ImportRow[])[] {
  const found: ImportRow[][] = []
  const next = new Map<string, number>()
  for (const row of rows) {
    const place = next.get(row.address.key) ?? 0
    next.set(row.address.key, place + 1)
    const wave = found[place] ?? []
    wave.push(row)
    found[place] = wave
  }
  return found
}

/** The line on which each address stood first, for its newsletter. */
async function see(
  connection: Connection,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<ImportRow, number>> {
  const given = rows.map(({ newsletter, address, line }) => ({ newsletter, key: address.key, line }))
  const seen = await connection.rows(sql.see, [json(given)])
  const lines = new Map(seen.map((row) => [`${text(row, 'address_key')}\n${text(row, 'newsletter')}`, row]))
  return new Map(
    rows.map((row) => {
      const found = lines.get(`${row.address.key}\n${row.newsletter}`)
      return [row, found === undefined ? row.line : number(found, 'line')]
    }),
  )
}

async function suppressedBefore(
  connection: Connection,
  rows: readonly ImportRow[],
): Promise<ReadonlySet<string>> {
  const found = await connection.rows(sql.seenSuppressed, [rows.map(({ address }) => address.key)])
  return new Set(found.map((row) => String(row['address_key'])))
}

/** What is known of each row's address and newsletter, their persons locked until the batch is written. */
async function look(
  connection: Connection,
  tokens: Tokens,
  rows: readonly ImportRow[],
): Promise<(row: ImportRow) => Known> {
  const given = rows.map(({ address, newsletter }) => ({
    ...{ key: address.key, hash: addressHash(tokens, address.key), newsletter },
  }))
  const hashes = new Map(given.map(({ key, hash }) => [key, hash]))
  const written = json(given)
  const people = await connection.rows(sql.know, [written])
  const others = await connection.rows(sql.knowAddresses, [written])
  const byKey = new Map(people.map((row) => [String(row['address_key']), row]))
  const byHash = new Map(others.map((row) => [String(row['hash']), row]))
  return (row) => {
    const hash = hashes.get(row.address.key) ?? ''
    const other: Row = byHash.get(hash) ?? {}
    const suppressed = text(other, 'reason')
    const person = byKey.get(row.address.key)
    if (person === undefined) {
      const leftAt = maybeNumber(other, 'changed_at')
      const subscription = leftAt === null ? null : ({ state: 'left', leftAt } as const)
      return { hash, suppressed, person: null, subscription, chosenAt: null }
    }
    const chosenAt =
      row.state === 'left'
        ? maybeNumber(person, 'chosen_here')
        : row.state === 'suppressed'
          ? maybeNumber(person, 'chosen_anywhere')
          : null
    return { hash, suppressed, ...knownOf(person), chosenAt }
  }
}
