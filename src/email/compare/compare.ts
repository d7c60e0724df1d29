import type { ListedSource } from '../../issue/sources-document.ts'
import type { Edition } from '../edition.ts'
import { personalise } from '../personalise.ts'
import { pairBlocks, type BlockPair } from './blocks.ts'
import { citationChanges, isRenumbered, type CitationChange } from './citations.ts'
import { linkChanges, linksTold, type KnownLinks, type LinkChange } from './links.ts'
import { readSeen, textOf, wordsOf, type SeenBlock } from './seen.ts'
import { segmentsOf, type LinkKey, type Segment } from './segments.ts'
import { compareSources, type SourceChange } from './sources.ts'

/** What changed from one edition to another as a reader would see it, and all that they read, side by side. */
export interface Comparison {
  /** In the order of reading: subject, sender, preheader, the mail, then its sources. Empty: nothing to see. */
  readonly changes: readonly Change[]
  /** The whole mail in the order of the later edition; what is gone stands where it was. */
  readonly blocks: readonly ComparedBlock[]
}

export type Change =
  | { readonly kind: 'subject' | 'preheader' | 'from' | 'replyTo'; readonly segments: readonly Segment[] }
  /** Words of a block. `renumbered`: nothing but the numbers of its citations. */
  | {
      readonly kind: 'text'
      readonly how: 'added' | 'removed' | 'changed' | 'moved' | 'renumbered'
      readonly at: BlockPlace
      readonly segments: readonly Segment[]
    }
  /** A link leads elsewhere, is new or is gone. */
  | ({ readonly kind: 'link'; readonly at: BlockPlace } & LinkChange)
  /** The number stayed, and stands for another source. */
  | ({ readonly kind: 'citation'; readonly at: BlockPlace } & CitationChange)
  | {
      readonly kind: 'image'
      readonly how: 'added' | 'removed' | 'picture' | 'alt' | 'moved'
      readonly at: BlockPlace
      readonly from: SeenImage | null
      readonly to: SeenImage | null
    }
  | SourceChange

export interface SeenImage {
  readonly src: string
  readonly alt: string
}

/** Where a block is. */
export interface BlockPlace {
  /** Its index in `Comparison.blocks`. */
  readonly block: number
  /** The position mark `data-l` of the later HTML, else of the earlier; null: there is none. */
  readonly line: string | null
}

export interface ComparedBlock {
  readonly kind: SeenBlock['kind']
  readonly how: 'same' | 'added' | 'removed' | 'changed' | 'moved' | 'renumbered'
  /** Its index among the blocks of the earlier and of the later edition; null: it is not there. */
  readonly before: number | null
  readonly after: number | null
  readonly line: string | null
  /** Empty for an image. */
  readonly segments: readonly Segment[]
  readonly image: { readonly from: SeenImage | null; readonly to: SeenImage | null } | null
}

/** An invented reader, the same for both, so that nobody's own values are compared. */
const reader = {
  ...{ address: 'reader@example.org', name: null, messageId: '', date: 0, subjectPrefix: '' },
  ...{ unsubscribeUrl: 'https://example.org/u', viewUrl: 'https://example.org/view' },
}

/**
 * Compares two editions, the same tier's of one issue as a rule, as their readers see them: words, links,
 * citations, images, sources, subject, preheader and sender. Neither markup nor white space nor styles count.
 *
 * @param linkKey addresses of one key are the same to a reader, whatever tracks in one of them
 */
export function compareEditions(before: Edition, after: Edition, linkKey: LinkKey): Comparison {
  const [a, b] = [readSeen(htmlOf(before)), readSeen(htmlOf(after))]
  const blocks = compareBlocks(a, b, linkKey, before.sources.sources, after.sources.sources)
  const sources = compareSources(before.sources.sources, after.sources.sources)
  const told = new Set(
    sources.flatMap(({ how, from, to }) => (how === 'renumbered' ? [] : ((to ?? from)?.id ?? []))),
  )
  const isTold = listEntries([...before.sources.sources, ...after.sources.sources], told)
  const links = linksTold(sources, linkKey)
  const inMail = blocks.flatMap((each, index) =>
    isTold(each) ? [] : blockChanges(each, index, before.sources.sources, after.sources.sources, links),
  )
  return { changes: [...headChanges(before, after, linkKey), ...inMail, ...sources], blocks }
}

/**
 * Whether a block is an entry of the mail's list of sources of which the sources tell all: another number moves
 * it, and `told` ones came, went or say something else.
 */
function listEntries(sources: Sources, told: ReadonlySet<string>): (block: ComparedBlock) => boolean {
  const names = sources.map(({ id, publisher, title }) => ({
    id,
    name: textOf(wordsOf(`${publisher}, ${title}`)),
  }))
  return ({ kind, how, segments }) => {
    if (kind !== 'item') return false
    const [was, is] = (['removed', 'added'] as const).map((own) => {
      const words = segments.flatMap(({ kind, text }) =>
        kind === 'same' || kind === 'link' || kind === own ? wordsOf(text) : [],
      )
      const text = textOf(words).trimStart()
      return names.find(({ name }) => text.startsWith(name))?.id
    })
    const entry = is ?? was
    if (entry === undefined) return false
    // Two of one place that are not each other's are gone from there, or new.
    if (told.has(entry) || (was !== undefined && was !== is)) return true
    return how === 'moved' && segments.every((each) => each.kind === 'same')
  }
}

function htmlOf(edition: Edition): string {
  return personalise(edition, reader).html
}

function headChanges(before: Edition, after: Edition, linkKey: LinkKey): Change[] {
  const sender = ({ envelope: { from } }: Edition): string => `${from.name} <${from.address}>`
  const heads = [
    ['subject', before.subject, after.subject],
    ['from', sender(before), sender(after)],
    ['replyTo', before.envelope.replyTo ?? '', after.envelope.replyTo ?? ''],
    ['preheader', before.preheader, after.preheader],
  ] as const
  return heads.flatMap(([kind, was, is]) => {
    const segments = segmentsOf(wordsOf(was), wordsOf(is), linkKey)
    return segments.every((segment) => segment.kind === 'same') ? [] : [{ kind, segments }]
  })
}

type Sources = readonly ListedSource[]

function compareBlocks(
  before: readonly SeenBlock[],
  after: readonly SeenBlock[],
  linkKey: LinkKey,
  sourcesBefore: Sources,
  sourcesAfter: Sources,
): ComparedBlock[] {
  return pairBlocks(before, after).flatMap((pair) => {
    const was = pair.before === null ? null : (before[pair.before] ?? null)
    const is = pair.after === null ? null : (after[pair.after] ?? null)
    const shown = is ?? was
    if (shown === null) return []
    const segments = segmentsOf(was?.words ?? [], is?.words ?? [], linkKey)
    const isSame = segments.every(({ kind }) => kind === 'same') && sameImage(was, is)
    const renumbered = !isSame && isRenumbered(segments, sourcesBefore, sourcesAfter)
    const image = was?.image || is?.image ? { from: imageOf(was), to: imageOf(is) } : null
    return {
      ...{ kind: shown.kind, before: pair.before, after: pair.after, line: shown.line ?? was?.line ?? null },
      ...{ how: howOf(pair, isSame, renumbered), segments, image },
    }
  })
}

function howOf(
  { before, after, moved }: BlockPair,
  isSame: boolean,
  renumbered: boolean,
): ComparedBlock['how'] {
  if (before === null) return 'added'
  if (after === null) return 'removed'
  if (moved) return 'moved'
  if (isSame) return 'same'
  return renumbered ? 'renumbered' : 'changed'
}

function blockChanges(
  block: ComparedBlock,
  index: number,
  before: Sources,
  after: Sources,
  known: KnownLinks,
): Change[] {
  const at = { block: index, line: block.line }
  if (block.image !== null) return imageChange(block, at)
  const { how, segments } = block
  const words = segments.some(({ kind }) => kind === 'added' || kind === 'removed')
  const text: Change[] =
    how === 'moved' || (how !== 'same' && words) ? [{ kind: 'text', how, at, segments }] : []
  const citations = how === 'added' || how === 'removed' ? [] : citationChanges(segments, before, after)
  const marks = new Set(citations.map(({ mark }) => mark))
  const links = linkChanges(segments, marks, known).map((each): Change => ({ kind: 'link', at, ...each }))
  return [...text, ...citations.map((each): Change => ({ kind: 'citation', at, ...each })), ...links]
}

function imageChange({ how, image }: ComparedBlock, at: BlockPlace): Change[] {
  const { from, to } = image ?? { from: null, to: null }
  if (from === null || to === null)
    return [{ kind: 'image', how: from === null ? 'added' : 'removed', at, from, to }]
  if (nameOf(from) !== nameOf(to)) return [{ kind: 'image', how: 'picture', at, from, to }]
  if (from.alt !== to.alt) return [{ kind: 'image', how: 'alt', at, from, to }]
  return how === 'moved' ? [{ kind: 'image', how: 'moved', at, from, to }] : []
}

function sameImage(was: SeenBlock | null, is: SeenBlock | null): boolean {
  const [from, to] = [imageOf(was), imageOf(is)]
  if (from === null || to === null) return from === to
  return nameOf(from) === nameOf(to) && from.alt === to.alt
}

function imageOf(block: SeenBlock | null): SeenImage | null {
  return block?.image ? { src: block.image.src, alt: block.image.alt } : null
}

/** An image is named by its content: another host or folder makes it no other picture. */
function nameOf({ src }: SeenImage): string {
  return src.split('/').at(-1) ?? src
}

/** The mail of a block as it reads now, or as it read before it was removed. */
export function blockText({ segments, after }: ComparedBlock): string {
  const left = after === null ? 'added' : 'removed'
  return segments
    .filter(({ kind }) => kind !== left)
    .map(({ text }) => text)
    .join('')
}
