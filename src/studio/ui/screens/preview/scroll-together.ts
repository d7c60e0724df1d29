import { boxOf, listenIn, rootOf, windowOf } from '../../parts/frame-document.ts'
import { passagesIn, type Passage } from './position.ts'

/** Pictures of one issue that are read at the same words: whoever scrolls one scrolls the others. */
export interface ScrollTogether {
  /** @param files `IssuePreview.files`, by which words are the same in both */
  join(document: Document, files: readonly string[]): () => void
}

interface Member {
  readonly document: Document
  readonly files: readonly string[]
  /** Where we put it: the scrolling that this makes is nobody's. */
  put: number | null
}

/** Passages that are farther apart than this share of the mails stand in another order in the other one. */
const MOST_APART = 0.4

export function openScrollTogether(): ScrollTogether {
  const members = new Set<Member>()
  return {
    join(document, files) {
      const member: Member = { document, files, put: null }
      const abort = new AbortController()
      members.add(member)
      const onScroll = (): void => {
        const top = windowOf(document)?.scrollY ?? 0
        const ours = member.put !== null && Math.abs(member.put - top) < 2
        member.put = null
        if (ours) return
        for (const other of members) if (other !== member) follow(member, other)
      }
      listenIn(document, 'scroll', onScroll, abort.signal)
      return () => {
        abort.abort()
        members.delete(member)
      }
    },
  }
}

/**
 * The line that is read goes from the top of the window to its foot while a mail is scrolled from its beginning to its
 * end, so that both are at their ends together; in between, it is at the same words.
 */
function follow(from: Member, to: Member): void {
  const [a, b] = [sizeOf(from), sizeOf(to)]
  if (a === null || b === null || a.most <= 0 || b.most <= 0) return
  const line = (a.top / a.most) * a.height
  const top = (otherLine(line, anchors(from, to, a, b)) / b.height) * b.most
  b.view.scrollTo({ top, behavior: 'instant' })
  // What moves nothing tells nothing either.
  to.put = Math.abs(b.view.scrollY - b.top) < 0.5 ? null : b.view.scrollY
}

interface Size {
  readonly view: Window
  readonly top: number
  readonly height: number
  /** How far it can be scrolled. */
  readonly most: number
}

function sizeOf({ document }: Member): Size | null {
  const view = windowOf(document)
  const root = rootOf(document)
  if (view === null || root === null) return null
  const height = Number(Reflect.get(Element.prototype, 'scrollHeight', root))
  return { view, top: view.scrollY, height, most: height - view.innerHeight }
}

type Anchor = readonly [here: number, there: number]

/** Where the same words stand in both, in order, with both ends. */
function anchors(from: Member, to: Member, a: Size, b: Size): readonly Anchor[] {
  const there = new Map<string, Passage>()
  for (const passage of passagesIn(to.document, to.files).toReversed()) there.set(keyOf(passage), passage)
  const both = passagesIn(from.document, from.files).flatMap((passage): Anchor[] => {
    const same = there.get(keyOf(passage))
    if (same === undefined) return []
    const pair = [boxOf(passage.element).top + a.top, boxOf(same.element).top + b.top] as const
    return Math.abs(pair[0] / a.height - pair[1] / b.height) > MOST_APART ? [] : [pair]
  })
  const kept: Anchor[] = [[0, 0]]
  for (const pair of both.toSorted((one, other) => one[0] - other[0]))
    if (pair[1] >= (kept.at(-1)?.[1] ?? 0)) kept.push(pair)
  return [...kept, [a.height, b.height]]
}

function keyOf({ position: { file, line, column } }: Passage): string {
  return `${file}:${line}:${column}`
}

function otherLine(line: number, pairs: readonly Anchor[]): number {
  const next = pairs.findIndex(([here]) => here > line)
  const [after, before] = [pairs.at(next), pairs[next === -1 ? pairs.length - 1 : next - 1]]
  if (before === undefined) return 0
  if (next === -1 || after === undefined) return before[1]
  return before[1] + ((line - before[0]) / (after[0] - before[0])) * (after[1] - before[1])
}
