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

type Range = readonly [number, number]

/** How alike two blocks are, by their indexes; 0: not the same block. */
type Likeness = (i: number, j: number) => number

function pairGap(
  before: Range,
  after: Range,
  bags: Bags,
  sameKind: (i: number, j: number) => boolean,
): BlockPair[] {
  const [n, m] = [before[1] - before[0], after[1] - after[0]]
  const likeness: Likeness = (i, j) => {
    if (!sameKind(i, j)) return 0
    // One in the place of one: a heading of two words may have none left of them.
    if (n === 1 && m === 1) return 1
    const share = shareOf(bags.before[i], bags.after[j])
    return share < ALIKE ? 0 : share
  }
  const partners =
    n * m > MOST_PAIRS ? firstPartners(before, after, likeness) : bestPartners(before, after, likeness)
  const pairs: BlockPair[] = []
  let [i] = before
  for (let j = after[0]; j < after[1]; j++) {
    const partner = partners.get(j)
    while (partner !== undefined && i < partner) pairs.push(pair(i++, null))
    pairs.push(pair(partner === undefined ? null : i++, j))
  }
  while (i < before[1]) pairs.push(pair(i++, null))
  return pairs
}

/** By the later block, the earlier one: in one order for both, and the most likeness in sum. */
function bestPartners([aFrom, aTo]: Range, [bFrom, bTo]: Range, likeness: Likeness): Map<number, number> {
  const [n, m] = [aTo - aFrom, bTo - bFrom]
  const alike = Float64Array.from({ length: n * m }, (_, at) =>
    likeness(aFrom + Math.floor(at / m), bFrom + (at % m)),
  )
  const sums = new Float64Array((n + 1) * (m + 1))
  const sum = (i: number, j: number): number => sums[i * (m + 1) + j] ?? 0
  const both = (i: number, j: number): number => {
    const share = alike[i * m + j] ?? 0
    return share === 0 ? 0 : share + sum(i + 1, j + 1)
  }
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      sums[i * (m + 1) + j] = Math.max(sum(i + 1, j), sum(i, j + 1), both(i, j))
  const partners = new Map<number, number>()
  let [i, j] = [0, 0]
  while (i < n && j < m) {
    if (both(i, j) > 0 && both(i, j) === sum(i, j)) partners.set(bFrom + j++, aFrom + i++)
    else if (sum(i + 1, j) === sum(i, j)) i++
    else j++
  }
  return partners
}

/** The same for very many, without weighing all against all: the first that is alike among the next few. */
function firstPartners([aFrom, aTo]: Range, [bFrom, bTo]: Range, likeness: Likeness): Map<number, number> {
  const partners = new Map<number, number>()
  let next = aFrom
  for (let j = bFrom; j < bTo; j++) {
    // Where the lists are of another length, what is alike drifts apart.
    const from = Math.max(next, aFrom + Math.floor(((j - bFrom) * (aTo - aFrom)) / (bTo - bFrom)) - NEAR)
    for (let i = from; i < Math.min(aTo, from + 2 * NEAR); i++) {
      if (likeness(i, j) === 0) continue
      partners.set(j, i)
      next = i + 1
      break
    }
  }
  return partners
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
