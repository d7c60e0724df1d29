import type { ImportRow, Merge } from '../../subscribers/merge.ts'
import type { SubscriptionState } from '../../subscribers/subscriber.ts'
import type { KnownPerson } from '../people.ts'
import { number, type Row } from '../subscriber-rows.ts'
import { copyLine } from './copy-line.ts'
import * as sql from './import-statements.ts'
import type { Connection } from './pool.ts'
import { json } from './values.ts'

export type Known = KnownPerson & { readonly chosenAt: number | null }

/** One row, and what the merge says of it. */
export interface Merged {
  readonly row: ImportRow
  readonly known: Known
  readonly merge: Merge
  /** Of somebody new. */
  readonly publicId: string
}

/** Writes what was decided of a batch in which no address stands twice: a statement a table. */
export async function importWrites(
  connection: Connection,
  merged: readonly Merged[],
  now: number,
): Promise<void> {
  const load = async (
    { table, columns, write }: sql.Loaded,
    rows: readonly Readonly<Record<string, unknown>>[],
    values: readonly number[] = [now],
  ): Promise<readonly Row[]> => {
    if (rows.length === 0) return []
    // Of the wave before, in the same batch.
    await connection.run(`delete from ${table}`)
    const lines = rows.map((row) => copyLine(columns.map((column) => row[column])))
    await connection.copy(`copy ${table} (${columns.join(', ')}) from stdin`, lines.join(''))
    return connection.rows(write, values)
  }
  const put = async (statement: string, rows: readonly object[], more: readonly number[] = [now]) => {
    if (rows.length > 0) await connection.run(statement, [json(rows), ...more])
  }
  const added = merged.flatMap(({ row, known, merge, publicId }) =>
    merge.person === null || known.person !== null
      ? []
      : [
          {
            ...{ public_id: publicId, address: row.address.address, key: row.address.key, hash: known.hash },
            ...merge.person,
          },
        ],
  )
  const ids = new Map(merged.map(({ row, known }) => [row.address.key, known.person?.id ?? null]))
  for (const row of await load(sql.insertPeople, added))
    ids.set(String(row['address_key']), number(row, 'id'))
  await put(
    sql.updatePeople,
    merged.flatMap(({ known, merge }) =>
      merge.person === null || known.person === null ? [] : [{ id: known.person.id, ...merge.person }],
    ),
  )

  const subscribed = merged.flatMap(({ row, merge }) => {
    const id = ids.get(row.address.key) ?? null
    const { state } = merge
    return id === null || state === null
      ? []
      : [{ id, row, merge, state, at: consentedAt(row, state, now), newsletter: row.newsletter }]
  })
  await load(
    sql.subscribe,
    subscribed.map(({ id, newsletter, state, at, row }) => ({
      ...{ id, newsletter, state, at, source: at === null ? null : row.consentSource },
    })),
  )
  const touched = subscribed.flatMap(({ id, merge }) => (merge.person === null ? [id] : []))
  if (touched.length > 0) await connection.run(sql.touch, [touched, now])
  await load(
    sql.keepConsents,
    subscribed.flatMap(({ id, newsletter, state, at, row }) => {
      const { askedAt = null, leftAt = null } = row.proof ?? {}
      const proof = { id, newsletter, words: wordsOf(row) }
      return [
        ...(at === null ? [] : [{ ...proof, kind: 'given', asked: Math.min(askedAt ?? at, at), at }]),
        ...(state === 'left'
          ? [{ ...proof, kind: 'withdrawn', asked: leftAt ?? now, at: leftAt ?? now }]
          : []),
      ]
    }),
    [],
  )
  await put(
    sql.leftBefore,
    subscribed.flatMap(({ id, newsletter, state, row }) => {
      const leftAt = row.proof?.leftAt ?? null
      return state === 'left' && leftAt !== null ? [{ id, newsletter, left_at: leftAt }] : []
    }),
    [],
  )
  await put(
    sql.suppress,
    merged.flatMap(({ row, known, merge }) =>
      merge.suppress ? [{ hash: known.hash, note: row.proof?.suppressedFor ?? null }] : [],
    ),
  )
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
