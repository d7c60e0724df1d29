/** One replacement in a text; positions are those before all of them. */
export interface Replacement {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** Above so many pairs of lines, what lies between the first and the last difference is replaced as a whole. */
const MOST_PAIRS = 4_000_000

/**
 * How `before` becomes `after` with as little as can be replaced, so that cursors, marks and steps of undo stay where
 * they belong: whole lines that are the same stay, and of the others what is the same at both ends.
 */
export function smallestChange(before: string, after: string): readonly Replacement[] {
  if (before === after) return []
  const [old, now] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  const most = Math.min(old.length, now.length) - head
  while (tail < most && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  const from = old.slice(0, head).reduce((sum, line) => sum + line.length, 0)
  const a = old.slice(head, old.length - tail)
  const b = now.slice(head, now.length - tail)
  const hunks =
    a.length * b.length > MOST_PAIRS
      ? [{ from: 0, to: lengthOf(a), insert: b.join('') }]
      : hunksOf(a, b, sameLines(a, b))
  return hunks.flatMap((hunk) => trimmed(before, { ...hunk, from: from + hunk.from, to: from + hunk.to }))
}

function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0)
}

/** The longest common subsequence, as pairs of indices. */
function sameLines(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1
  const best = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const skip = Math.max(best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0)
      const take = a[i] === b[j] ? (best[(i + 1) * width + j + 1] ?? 0) + 1 : 0
      best[i * width + j] = Math.max(skip, take)
    }
  }
  const pairs: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if ((best[(i + 1) * width + j] ?? 0) >= (best[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

function hunksOf(
  a: readonly string[],
  b: readonly string[],
  pairs: readonly (readonly [number, number])[],
): readonly Replacement[] {
  const hunks: Replacement[] = []
  let [i, j, at] = [0, 0, 0]
  for (const [nextA, nextB] of [...pairs, [a.length, b.length] as const]) {
    const to = at + lengthOf(a.slice(i, nextA))
    const insert = b.slice(j, nextB).join('')
    if (to > at || insert !== '') hunks.push({ from: at, to, insert })
    at = to + (a[nextA]?.length ?? 0)
    i = nextA + 1
    j = nextB + 1
  }
  return hunks
}

/** Without what is the same at both ends; never between the halves of one character. */
function trimmed(text: string, { from, to, insert }: Replacement): readonly Replacement[] {
  const was = text.slice(from, to)
  const most = Math.min(was.length, insert.length)
  let head = 0
  while (head < most && was[head] === insert[head]) head++
  if (isHalf(was, head) || isHalf(insert, head)) head--
  let tail = 0
  while (tail < most - head && was.at(-1 - tail) === insert.at(-1 - tail)) tail++
  if (tail > 0 && (isHalf(was, was.length - tail) || isHalf(insert, insert.length - tail))) tail--
  const rest = { from: from + head, to: to - tail, insert: insert.slice(head, insert.length - tail) }
  return rest.from === rest.to && rest.insert === '' ? [] : [rest]
}

/** Whether `at` lies within a surrogate pair. */
function isHalf(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  const before = text.charCodeAt(at - 1)
  return code >= 0xdc00 && code <= 0xdfff && before >= 0xd800 && before <= 0xdbff
}
