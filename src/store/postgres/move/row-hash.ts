import { createHash } from 'node:crypto'
import type { Row } from '../../subscriber-rows.ts'
import { sendable } from '../values.ts'

/** What rows come to, in their order: the same on both sides when nothing was lost or changed. */
export interface RowHash {
  add(row: Row): void
  sum(): { readonly rows: number; readonly hash: string }
}

/** SHA-256 of each row’s values, in the order of `columns`, as PostgreSQL can hold them. */
export function createRowHash(columns: readonly string[]): RowHash {
  const hash = createHash('sha256')
  let rows = 0
  return {
    add(row) {
      rows++
      hash.update(`${JSON.stringify(columns.map((column) => held(row[column])))}\n`)
    },
    sum: () => ({ rows, hash: hash.digest('hex') }),
  }
}

/** Only text differs there, and rows have nothing but text and numbers. */
function held(value: Row[string] | undefined): unknown {
  return typeof value === 'string' ? sendable(value) : (value ?? null)
}
