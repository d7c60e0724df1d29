import { createHash } from 'node:crypto'

/**
 * SHA-256 of a plain value, hex: the same for two values that hold the same, in whatever order the keys of
 * their maps were written. Lists keep their order; a key whose value is undefined is as one that is not there.
 */
export function canonicalHash(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('hex')
}

function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    // A map would drop __proto__; a list of pairs holds every key as it is.
    const pairs = Object.entries(each).filter(([, held]) => held !== undefined)
    return { pairs: pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).flat() }
  })
}
