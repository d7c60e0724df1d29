/**
 * The known name nearest to `name`, or null when none is near enough to be meant: at most a third of
 * its letters differ, two in a name of four or five, and never more than three (optimal string alignment:
 * two letters that changed places count once). Of none so near, a name that begins with `name`, if but one
 * does.
 */
export function nearest(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase()
  const candidates = [...known]
  let best: string | null = null
  let bestDistance = allowed(wanted.length) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance)
    // Two letters of a short word are only a slip where it begins alike.
    const isFar = distance > Math.max(1, Math.floor(wanted.length / 3))
    if (isFar && !candidate.toLowerCase().startsWith(wanted.slice(0, 2))) continue
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best ?? (wanted.length < 3 ? null : onlyOne(candidates, wanted))
}

function allowed(length: number): number {
  if (length === 4 || length === 5) return 2
  return Math.min(3, Math.max(1, Math.floor(length / 3)))
}

function onlyOne(candidates: readonly string[], beginning: string): string | null {
  const [first, ...others] = candidates.filter((each) => each.toLowerCase().startsWith(beginning))
  return others.length > 0 ? null : (first ?? null)
}

/** “did you mean …?” for the nearest known name, or null. */
export function didYouMean(name: string, known: Iterable<string>): string | null {
  const near = nearest(name, known)
  return near === null ? null : `did you mean “${near}”?`
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: readonly number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(
        Math.min(
          (row[j - 1] ?? 0) + 1,
          (previous[j] ?? 0) + 1,
          (previous[j - 1] ?? 0) + cost,
          swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    before = previous
    previous = row
  }
  return previous[b.length] ?? limit
}
