import { align } from './align.ts'
import { textOf, type SeenBlock } from './seen.ts'

/** A block of the later text beside that of the earlier one that it was; null: there is none. */
export interface BlockPair {
  /** Its index in the earlier text. */
  readonly before: number | null
  /** Its index in the later text. */
  readonly after: number | null
  readonly moved: boolean
}

/** Above this share of words in common, two blocks at one place are the same block, changed. */
const ALIKE = 0.4

/** What stands elsewhere must be more alike, and longer, to be the same block. */
const ALIKE_ELSEWHERE = 0.75
const LONG_ENOUGH = 8

/** So many pairs of blocks are weighed against each other; beyond, only those near each other. */
const MOST_PAIRS = 20_000
const NEAR = 12

/** Which blocks are the same, in the order of the later text; those that are gone stand where they were. */
export function pairBlocks(before: readonly SeenBlock[], after: readonly SeenBlock[]): BlockPair[] {
  const bags = { before: before.map(bagOf), after: after.map(bagOf) }
  const pairs: BlockPair[] = []
  for (const { same, before: a, after: b } of align(before.map(keyOf), after.map(keyOf))) {
    if (same) for (let i = a[0]; i < a[1]; i++) pairs.push(pair(i, b[0] + i - a[0]))
    else pairs.push(...pairGap(a, b, bags, (i, j) => before[i]?.kind === after[j]?.kind))
  }
  return findMoved(pairs, before, after, bags)
}

function pair(before: number | null, after: number | null, moved = false): BlockPair {
  return { before, after, moved }
}

interface Bags {
  readonly before: readonly Bag[]
  readonly after: readonly Bag[]
}

/** How often each word stands in a block. */
type Bag = ReadonlyMap<string, number>

/** Pairs blocks that are alike, each with one, in their order: the most likeness in sum. */
function pairGap(
  [aFrom, aTo]: readonly [number, number],
  [bFrom, bTo]: readonly [number, number],
  bags: Bags,
  sameKind: (i: number, j: number) => boolean,
): BlockPair[] {
  const [n, m] = [aTo - aFrom, bTo - bFrom]
  const likeness = (i: number, j: number): number => {
    if (!sameKind(aFrom + i, bFrom + j)) return 0
    // One in the place of one: a heading of two words may have none left of them.
    if (n === 1 && m === 1) return 1
    if (n * m > MOST_PAIRS && Math.abs(i - j) > NEAR) return 0
    const share = shareOf(bags.before[aFrom + i], bags.after[bFrom + j])
    return share < ALIKE ? 0 : share
  }
  const width = m + 1
  const best = new Float64Array((n + 1) * width)
  const at = (i: number, j: number): number => best[i * width + j] ?? 0
  const alike = new Float64Array(n * m)
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      const share = likeness(i, j)
      alike[i * m + j] = share
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), share > 0 ? at(i + 1, j + 1) + share : 0)
    }
  }
  const pairs: BlockPair[] = []
  let [i, j] = [0, 0]
  while (i < n || j < m) {
    const share = i < n && j < m ? (alike[i * m + j] ?? 0) : 0
    if (share > 0 && at(i, j) === at(i + 1, j + 1) + share) pairs.push(pair(aFrom + i++, bFrom + j++))
    else if (j >= m || (i < n && at(i, j) === at(i + 1, j))) pairs.push(pair(aFrom + i++, null))
    else pairs.push(pair(null, bFrom + j++))
  }
  return pairs
}

/** What is gone at one place and new at another, and alike, was moved there. */
function findMoved(
  pairs: readonly BlockPair[],
  before: readonly SeenBlock[],
  after: readonly SeenBlock[],
  bags: Bags,
): BlockPair[] {
  const gone = new Set(pairs.flatMap((each) => (each.after === null ? (each.before ?? []) : [])))
  const fresh = pairs.flatMap((each) => (each.before === null ? (each.after ?? []) : []))
  const from = new Map<number, number>()
  const move = (j: number, i: number | undefined): void => {
    if (i === undefined) return
    from.set(j, i)
    gone.delete(i)
  }
  const byKey = new Map([...gone].map((i) => [keyOf(before[i]), i]))
  for (const j of fresh) {
    const i = byKey.get(keyOf(after[j]))
    if (i !== undefined && gone.has(i)) move(j, i)
  }
  for (const j of gone.size * fresh.length <= MOST_PAIRS ? fresh : []) {
    if (from.has(j) || (after[j]?.words.length ?? 0) < LONG_ENOUGH) continue
    move(
      j,
      [...gone].find((i) => shareOf(bags.before[i], bags.after[j]) >= ALIKE_ELSEWHERE),
    )
  }
  const taken = new Set(from.values())
  return pairs
    .filter((each) => each.after !== null || each.before === null || !taken.has(each.before))
    .map((each) => {
      const i = each.before === null && each.after !== null ? from.get(each.after) : undefined
      return i === undefined ? each : pair(i, each.after, true)
    })
}

/** The share of words that two blocks have in common, 0 to 1 (Dice’s coefficient). */
function shareOf(a: Bag | undefined, b: Bag | undefined): number {
  if (a === undefined || b === undefined) return 0
  let [common, sum] = [0, 0]
  for (const [word, count] of a) {
    common += Math.min(count, b.get(word) ?? 0)
    sum += count
  }
  for (const count of b.values()) sum += count
  return sum === 0 ? 0 : (2 * common) / sum
}

function bagOf({ words, image }: SeenBlock): Bag {
  const bag = new Map<string, number>()
  if (image !== null) return bag.set(image.src, 1).set(image.alt, 1)
  for (const { text } of words) bag.set(text, (bag.get(text) ?? 0) + 1)
  return bag
}

/** Two blocks of one key read the same. */
function keyOf(block: SeenBlock | undefined): string {
  if (block === undefined) return ''
  const { kind, words, image } = block
  return image === null ? `${kind} ${textOf(words)}` : `image ${image.src} ${image.alt}`
}
