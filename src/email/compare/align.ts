/** A stretch of two lists: `same` in both, or else what of the first was replaced by what of the second. */
export interface Stretch {
  readonly same: boolean
  /** Indexes, the ends excluded. */
  readonly before: readonly [number, number]
  readonly after: readonly [number, number]
}

/** So many differences are looked for one by one (Myers); beyond, the lists are cut where both hold something once. */
const MOST_EDITS = 600

/**
 * The stretches of two lists, in order and without a gap: concatenated, each list is whole again. Short edits of
 * long lists are the shortest there are (Myers 1986, “An O(ND) Difference Algorithm”); lists with little in common
 * are first cut at what each holds exactly once (patience), so that time stays near linear.
 */
export function align(before: readonly string[], after: readonly string[]): Stretch[] {
  const pairs: [number, number][] = []
  pairUp(before, after, [0, before.length], [0, after.length], pairs)
  return stretches(pairs, before.length, after.length)
}

type Range = readonly [number, number]

function pairUp(
  a: readonly string[],
  b: readonly string[],
  [aFrom, aTo]: Range,
  [bFrom, bTo]: Range,
  pairs: [number, number][],
): void {
  let [i, j, iEnd, jEnd] = [aFrom, bFrom, aTo, bTo]
  while (i < iEnd && j < jEnd && a[i] === b[j]) pairs.push([i++, j++])
  const tail: [number, number][] = []
  while (i < iEnd && j < jEnd && a[iEnd - 1] === b[jEnd - 1]) tail.push([--iEnd, --jEnd])
  if (i < iEnd && j < jEnd) {
    const found = shortest(a, b, [i, iEnd], [j, jEnd])
    if (found !== null) for (const pair of found) pairs.push(pair)
    else cutAtAnchors(a, b, [i, iEnd], [j, jEnd], pairs)
  }
  for (const pair of tail.toReversed()) pairs.push(pair)
}

/** Pairs what both hold once, in the longest order that both agree on; between the anchors it begins anew. */
function cutAtAnchors(
  a: readonly string[],
  b: readonly string[],
  [aFrom, aTo]: Range,
  [bFrom, bTo]: Range,
  pairs: [number, number][],
): void {
  const inA = onceIn(a, aFrom, aTo)
  const inB = onceIn(b, bFrom, bTo)
  const common = [...inA].flatMap(([word, i]): [number, number][] => {
    const j = inB.get(word)
    return i < 0 || j === undefined || j < 0 ? [] : [[i, j]]
  })
  let [i, j] = [aFrom, bFrom]
  for (const [nextI, nextJ] of longestRising(common)) {
    // One that the stretch before it has paired already.
    if (nextI < i || nextJ < j) continue
    pairUp(a, b, [i, nextI], [j, nextJ], pairs)
    pairs.push([nextI, nextJ])
    ;[i, j] = [nextI + 1, nextJ + 1]
  }
  if (i > aFrom) pairUp(a, b, [i, aTo], [j, bTo], pairs)
}

/** Where each word stands; -1: more than once. In the order of the list. */
function onceIn(words: readonly string[], from: number, to: number): Map<string, number> {
  const places = new Map<string, number>()
  for (let index = from; index < to; index++) {
    const word = words[index] ?? ''
    places.set(word, places.has(word) ? -1 : index)
  }
  return places
}

/** Of pairs that rise in their first numbers, the most that rise in their second ones too. */
function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const piles: number[] = []
  const previous: number[] = []
  for (const [index, [, j]] of pairs.entries()) {
    let [low, high] = [0, piles.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const top = pairs[piles[middle] ?? 0]?.[1] ?? 0
      if (top < j) low = middle + 1
      else high = middle
    }
    previous[index] = low > 0 ? (piles[low - 1] ?? -1) : -1
    piles[low] = index
  }
  const rising: [number, number][] = []
  for (let at = piles.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pair = pairs[at]
    if (pair !== undefined) rising.push(pair)
  }
  return rising.toReversed()
}

/** The pairs of a shortest edit, or null where it is longer than `MOST_EDITS`. */
function shortest(
  a: readonly string[],
  b: readonly string[],
  [aFrom, aTo]: Range,
  [bFrom, bTo]: Range,
): [number, number][] | null {
  const [n, m] = [aTo - aFrom, bTo - bFrom]
  const most = Math.min(n + m, MOST_EDITS)
  const middle = most + 1
  const reach = new Int32Array(2 * most + 3)
  const trace: Int32Array[] = []
  for (let d = 0; d <= most; d++) {
    trace.push(reach.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(reach, middle + k - 1) < at(reach, middle + k + 1))
      let x = down ? at(reach, middle + k + 1) : at(reach, middle + k - 1) + 1
      while (x < n && x - k < m && a[aFrom + x] === b[bFrom + x - k]) x++
      reach[middle + k] = x
      if (x >= n && x - k >= m) return walkBack(trace, n, m, aFrom, bFrom)
    }
  }
  return null
}

function walkBack(
  trace: readonly Int32Array[],
  n: number,
  m: number,
  aFrom: number,
  bFrom: number,
): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = [n, m]
  for (let d = trace.length - 1; d >= 0; d--) {
    // Each trace was cut to the diagonals that it can reach: its middle is at d + 1.
    const reach = trace[d] ?? new Int32Array(0)
    const k = x - y
    const down = k === -d || (k !== d && at(reach, d + k) < at(reach, d + k + 2))
    const fromX = d === 0 ? 0 : down ? at(reach, d + k + 2) : at(reach, d + k)
    const fromY = d === 0 ? 0 : fromX - (down ? k + 1 : k - 1)
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      // The one step that is no diagonal comes first.
      if (d > 0 && x === fromX + (down ? 0 : 1) && y === fromY + (down ? 1 : 0)) break
      pairs.push([aFrom + --x, bFrom + --y])
    }
    ;[x, y] = [fromX, fromY]
  }
  return pairs.toReversed()
}

function at(list: Int32Array, index: number): number {
  return list[index] ?? 0
}

function stretches(pairs: readonly [number, number][], n: number, m: number): Stretch[] {
  const found: Stretch[] = []
  let [i, j] = [0, 0]
  let from: [number, number] | null = null
  const close = (): void => {
    if (from !== null) found.push({ same: true, before: [from[0], i], after: [from[1], j] })
    from = null
  }
  for (const [nextI, nextJ] of [...pairs, [n, m] as const]) {
    if (nextI > i || nextJ > j) {
      close()
      found.push({ same: false, before: [i, nextI], after: [j, nextJ] })
    }
    from ??= [nextI, nextJ]
    ;[i, j] = [nextI + 1, nextJ + 1]
  }
  ;[i, j] = [n, m]
  if (from !== null && from[0] < n) close()
  return found
}
