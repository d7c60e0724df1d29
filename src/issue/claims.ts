import type { Nodes, Root } from 'mdast'
import type { Citation } from '../brief/tree.ts'
import { placeOf, type Place } from '../core/finding.ts'
import type { ProjectedIssue } from './issue.ts'

/** A sentence that rests on sources, as a reader of one tier sees it. */
export interface Claim {
  /** The id of the brief, or null for the opening note. */
  readonly brief: string | null
  /** `{id=…}`, or null. */
  readonly id: string | null
  /** `{key}`. */
  readonly key: boolean
  /** The sentence, or the paragraph where the citation covers it; on one line. */
  readonly text: string
  readonly citations: readonly ClaimCitation[]
}

/** What a claim rests on; where it leads is said by the source of that number. */
export interface ClaimCitation {
  /** A number in the list of sources. */
  readonly source: number
  /** W3C Web Annotation §4.2.4; null where no words were given, or the tier may not see them. */
  readonly quote: { readonly type: 'TextQuoteSelector'; readonly exact: string } | null
  readonly locator: string | null
  /** The number of the relay, or null. */
  readonly via: number | null
}

/** So much of a sentence tells it from the others. */
const LONGEST = 400

/** Stands for a citation while its block is cut into sentences. */
const MARK = '\ue000'

/**
 * Every claim of a projection, in reading order. Made from the projection alone, so that it holds
 * nothing that the tier may not see.
 */
export function claimsOf(projected: ProjectedIssue): Claim[] {
  return placedClaims(projected).map(({ claim }) => claim)
}

/** A claim, and where each of its citations is written. */
export interface PlacedClaim {
  readonly claim: Claim
  /** As many as `claim.citations`. */
  readonly places: readonly Place[]
}

/** The same, for editors. */
export function placedClaims(projected: ProjectedIssue): PlacedClaim[] {
  const numbers = new Map(
    projected.sources.flatMap(({ id, number }) => (number === null ? [] : [[id, number]])),
  )
  const texts: readonly Text[] = [
    { brief: null, file: projected.file, root: projected.note },
    ...projected.briefs.map(({ id, file, body }) => ({ brief: id, file, root: body })),
  ]
  return texts.flatMap((text) =>
    blocksOf(text.root).flatMap((block) => claimsIn(block, text, numbers, projected.lang)),
  )
}

interface Text {
  readonly brief: string | null
  readonly file: string
  readonly root: Root
}

/** Text with a mark for each of its citations. */
interface Block {
  readonly text: string
  readonly citations: readonly Citation[]
}

/** The blocks that hold words themselves. */
function blocksOf(node: Nodes): Block[] {
  if (!('children' in node)) return []
  const isLine = node.children.some((child) => child.type === 'text' || child.type === 'citation')
  if (!isLine) return node.children.flatMap(blocksOf)
  const citations: Citation[] = []
  const text = wordsOf(node, citations)
  return citations.length === 0 ? [] : [{ text, citations }]
}

function wordsOf(node: Nodes, citations: Citation[]): string {
  if (node.type === 'citation') {
    citations.push(node)
    return node.narrative ? `${node.marks?.[0]?.publisher ?? ''}${MARK}` : MARK
  }
  if (node.type === 'break') return ' '
  // A line’s end within a paragraph ends no sentence, as it would by the segmenter’s rules.
  if ('value' in node) return node.value.replaceAll(MARK, '').replace(/[\r\n]+/gu, ' ')
  return 'children' in node ? node.children.map((child) => wordsOf(child, citations)).join('') : ''
}

function claimsIn(
  block: Block,
  { brief, file }: Text,
  numbers: ReadonlyMap<string, number>,
  lang: string,
): PlacedClaim[] {
  const claims: PlacedClaim[] = []
  let next = 0
  for (const sentence of sentencesOf(block.text, lang)) {
    const count = sentence.split(MARK).length - 1
    const cited = block.citations.slice(next, next + count)
    next += count
    if (cited.length === 0) continue
    const whole = cited.some((citation) => citation.scope === 'para') ? block.text : sentence
    const citations = cited.map((citation) => citationsIn(citation, numbers))
    claims.push({
      claim: {
        brief,
        id: cited.find((citation) => citation.claim !== null)?.claim ?? null,
        key: cited.some((citation) => citation.key),
        text: plain(whole),
        citations: citations.flat(),
      },
      places: citations.flatMap((own, index) => own.map(() => placeOf(file, cited[index]?.position))),
    })
  }
  return claims
}

/** Sentences by Unicode's rules; a citation after the full stop belongs to the sentence before, and a quotation is whole. */
function sentencesOf(text: string, lang: string): string[] {
  const sentences: string[] = []
  for (const { segment, index } of new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(text)) {
    const lead = new RegExp(`^[\\s${MARK}]*${MARK}`, 'u').exec(segment)?.[0] ?? ''
    const last = sentences.length - 1
    if (lead !== '' && last >= 0) sentences[last] += lead
    const rest = last >= 0 ? segment.slice(lead.length) : segment
    if (rest === '') continue
    if (isWithin(sentences[last] ?? '', text.slice(index + lead.length))) sentences[last] += rest
    else sentences.push(rest)
  }
  return sentences
}

/** Whether what comes after `before` is still said in a quotation that began there; „…“ ends by what begins “…”. */
function isWithin(before: string, after: string): boolean {
  return !before.includes('„') && before.lastIndexOf('“') > before.lastIndexOf('”') && /^[^“]*”/u.test(after)
}

function citationsIn(citation: Citation, numbers: ReadonlyMap<string, number>): ClaimCitation[] {
  return citation.items.flatMap(({ id, quote, locator, via }) => {
    const source = numbers.get(id)
    if (source === undefined) return []
    return {
      source,
      quote: quote === null ? null : { type: 'TextQuoteSelector' as const, exact: quote },
      locator,
      via: via === null ? null : (numbers.get(via) ?? null),
    }
  })
}

function plain(text: string): string {
  const words = text
    // What a citation parts stays apart, lest two halves make an address that was masked for being whole.
    .replace(new RegExp(`\\s*${MARK}+(?=[\\s,;!?)”’"»]|[.:](?:[\\s)”’"»]|$)|$)`, 'gu'), '')
    .replaceAll(MARK, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1).trimEnd()}…` : words
}
