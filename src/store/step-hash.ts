import { createHash } from 'node:crypto'
import type { Migration } from './migrations/index.ts'

/** The SHA-256 of a step's text, in hex: what a store keeps of each step that it took. */
export function stepHash({ sql }: Pick<Migration, 'sql'>): string {
  return createHash('sha256').update(sql).digest('hex')
}

/** A step that a store took. */
export interface TakenStep {
  readonly number: number
  /** Of its text then; null: a version took it that did not keep that. */
  readonly hash: string | null
}

/** Those that were another text than `migrations` have, such as `3 (sending)`; what cannot be known is left out. */
export function otherSteps(taken: readonly TakenStep[], migrations: readonly Migration[]): readonly string[] {
  const hashes = new Map(taken.map(({ number, hash }) => [number, hash]))
  return migrations
    .filter((step) => (hashes.get(step.number) ?? stepHash(step)) !== stepHash(step))
    .map(({ number, name }) => `${number} (${name})`)
}
