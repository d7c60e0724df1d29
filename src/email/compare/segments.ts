import { align, type Stretch } from './align.ts'
import { textOf, type SeenWord } from './seen.ts'

/**
 * A stretch of words. same: in both; added, removed: in one; link: in both, but they lead elsewhere.
 * Those that are not `removed` read as the later text, those not `added` as the earlier one.
 */
export interface Segment {
  readonly kind: 'same' | 'added' | 'removed' | 'link'
  /** With the space before it, where there is one. */
  readonly text: string
  /** Where it led; null where it did not, and for what was added. */
  readonly from: string | null
  /** Where it leads; null where it does not, and for what was removed. */
  readonly to: string | null
}

/** Whether two addresses are the same to a reader, by a key that they share. */
export type LinkKey = (href: string) => string

/** One word of each text, where they are paired; else of the one that has it. */
interface Paired {
  readonly kind: Segment['kind']
  readonly word: SeenWord
  readonly from: string | null
  readonly to: string | null
}

/** What of two texts is the same, word by word, and where their links lead. */
export function segmentsOf(
  before: readonly SeenWord[],
  after: readonly SeenWord[],
  linkKey: LinkKey,
): Segment[] {
  const found = align(
    before.map(({ text }) => text),
    after.map(({ text }) => text),
  )
  const paired = found.flatMap((stretch, index) =>
    stretch.same && !isSplinter(found, index, before)
      ? samePairs(stretch, before, after, linkKey)
      : [
          ...before.slice(...stretch.before).map((word) => only('removed', word)),
          ...after.slice(...stretch.after).map((word) => only('added', word)),
        ],
  )
  return joined(gathered(paired))
}

function samePairs(
  stretch: Stretch,
  before: readonly SeenWord[],
  after: readonly SeenWord[],
  linkKey: LinkKey,
): Paired[] {
  const was = before.slice(...stretch.before)
  return after.slice(...stretch.after).map((word, index) => {
    const [from, to] = [was[index]?.href ?? null, word.href]
    const isSame = from === to || (from !== null && to !== null && linkKey(from) === linkKey(to))
    return { kind: isSame ? 'same' : 'link', word, from, to }
  })
}

function only(kind: 'added' | 'removed', word: SeenWord): Paired {
  return {
    kind,
    word,
    from: kind === 'removed' ? word.href : null,
    to: kind === 'added' ? word.href : null,
  }
}

/** One small word, or a comma, kept between two changes makes both harder to read. */
function isSplinter(found: readonly Stretch[], index: number, before: readonly SeenWord[]): boolean {
  const stretch = found[index]
  if (stretch === undefined || index === 0 || index === found.length - 1) return false
  const words = before.slice(...stretch.before)
  const letters = words.reduce((sum, { text }) => sum + (/[\p{L}\p{N}]/u.test(text) ? text.length : 0), 0)
  if (words.length > 2 || letters > 4 || words.some(({ href }) => href !== null)) return false
  return [found[index - 1], found[index + 1]].every(
    (beside) => beside !== undefined && Math.max(sizeOf(beside.before), sizeOf(beside.after)) > 1,
  )
}

function sizeOf([from, to]: readonly [number, number]): number {
  return to - from
}

/** Within one change, what was removed stands before what was added. */
function gathered(paired: readonly Paired[]): Paired[] {
  const inOrder: Paired[] = []
  let added: Paired[] = []
  for (const each of paired) {
    if (each.kind === 'added') added.push(each)
    else {
      if (each.kind !== 'removed') {
        inOrder.push(...added)
        added = []
      }
      inOrder.push(each)
    }
  }
  return [...inOrder, ...added]
}

function joined(paired: readonly Paired[]): Segment[] {
  const groups: Paired[][] = []
  for (const each of paired) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group !== undefined && last?.kind === each.kind && last.from === each.from && last.to === each.to)
      group.push(each)
    else groups.push([each])
  }
  return groups.flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    return { kind: first.kind, text: textOf(group.map(({ word }) => word)), from: first.from, to: first.to }
  })
}
