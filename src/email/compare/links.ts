import type { LinkKey, Segment } from './segments.ts'
import type { SourceChange } from './sources.ts'

/** Where words of a block lead that led elsewhere, or came or went with their link. Null: nowhere. */
export interface LinkChange {
  readonly words: string
  readonly from: string | null
  readonly to: string | null
}

/** What links are held against. */
export interface KnownLinks {
  readonly linkKey: LinkKey
  /** Pairs of addresses that the list of sources tells of. */
  readonly told: ReadonlySet<string>
}

/** What the changes of sources tell of links: the citations of one whose address changed need not tell it again. */
export function linksTold(sources: readonly SourceChange[], linkKey: LinkKey): KnownLinks {
  const pairs = sources.flatMap(({ how, from, to }) =>
    how === 'changed' ? pairOf(from?.url ?? null, to?.url ?? null, linkKey) : [],
  )
  return { linkKey, told: new Set(pairs) }
}

/**
 * The links of one block that changed, each pair of addresses once, without the words of a passage where these are all
 * the same. A link that only got other words is none of them.
 *
 * @param marks citations that are told otherwise
 */
export function linkChanges(
  segments: readonly Segment[],
  marks: ReadonlySet<string>,
  { linkKey, told }: KnownLinks,
): LinkChange[] {
  const was = new Set(segments.flatMap(({ from }) => (from === null ? [] : linkKey(plain(from)))))
  const is = new Set(segments.flatMap(({ to }) => (to === null ? [] : linkKey(plain(to)))))
  const isNews = ({ kind, text, from, to }: Segment): boolean => {
    switch (kind) {
      case 'same':
        return false
      case 'link':
        return !marks.has(text.trim()) && !isOtherWay({ text, from, to })
      case 'added':
        return isOutside(to) && !citation.test(text.trim()) && !was.has(linkKey(plain(to)))
      case 'removed':
        return isOutside(from) && !citation.test(text.trim()) && !is.has(linkKey(plain(from)))
    }
  }
  const found = new Map<string, LinkChange>()
  for (const segment of segments.filter(isNews)) {
    const [from, to] = withoutPassages(segment)
    const [pair] = pairOf(segment.from, segment.to, linkKey)
    if (pair !== undefined && told.has(pair)) continue
    const key = `${from} ${to}`
    if (!found.has(key)) found.set(key, { words: segment.text.trim(), from, to })
  }
  return [...found.values()]
}

const citation = /^(?:\[\d+[^\]]*\]\s*)+$/u

/** Whether a citation leads to its entry in the list to some readers, and to the source's page to others. */
function isOtherWay({ text, from, to }: Pick<Segment, 'text' | 'from' | 'to'>): boolean {
  const isEntry = (address: string | null): boolean => address === null || address.startsWith('#')
  return /^\[\d+[^\]]*\]$/.test(text.trim()) && isEntry(from) !== isEntry(to)
}

function isOutside(address: string | null): address is string {
  return address !== null && !address.startsWith('#')
}

/** None where one of them leads nowhere. */
function pairOf(from: string | null, to: string | null, linkKey: LinkKey): string[] {
  return from === null || to === null ? [] : [`${linkKey(plain(from))} ${linkKey(plain(to))}`]
}

function withoutPassages({ from, to }: Segment): readonly [string | null, string | null] {
  const [was, is] = [from && plain(from), to && plain(to)]
  return was === is ? [from, to] : [was, is]
}

/** Without the words of the passage it leads to (`#:~:text=…`). */
function plain(address: string): string {
  return address.replace(/#?:~:.*$/su, '')
}
