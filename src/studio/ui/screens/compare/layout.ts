import type { Change, ComparedBlock, ComparedVersions } from '../../../contract/compare.ts'
import type { TextPlace } from '../../../contract/finding.ts'

/** What is stopped at on the way through the changes. */
export interface Stop {
  readonly kind: 'stop'
  readonly key: string
  /** Counts from 1. */
  readonly number: number
  readonly changes: readonly Change[]
  /** Null: not in the mail's body. */
  readonly block: ComparedBlock | null
  /** Where it is written; null: it is not there any more, or in no editor's file. */
  readonly place: TextPlace | null
}

/** Blocks that a reader would see no change in. */
export interface Fold {
  readonly kind: 'fold'
  readonly key: string
  readonly blocks: readonly ComparedBlock[]
  /** The last heading among them: under it stands what comes next. */
  readonly heading: string | null
}

/** The changes in the order of reading, with what is unchanged between them. */
export interface Layout {
  readonly head: readonly Stop[]
  readonly mail: readonly (Stop | Fold)[]
  readonly sources: readonly Stop[]
  readonly stops: readonly Stop[]
}

/** Sources of which only the number shifted, or which only other readers may open, are told together. */
export function layoutOf({ changes, blocks, files, places }: ComparedVersions): Layout {
  const stops: Stop[] = []
  const stop = (key: string, own: readonly Change[], block: ComparedBlock | null = null): Stop => {
    const made = {
      ...({ kind: 'stop', key, number: stops.length + 1, changes: own, block } as const),
      place: block === null ? (places[placeKey(own[0])] ?? null) : placeOf(block.line, files),
    }
    stops.push(made)
    return made
  }
  const of = (kinds: readonly Change['kind'][]) => changes.filter(({ kind }) => kinds.includes(kind))
  const head = of(['subject', 'from', 'replyTo', 'preheader']).map((each) => stop(each.kind, [each]))
  const inBlock = Map.groupBy(
    changes.filter((each) => 'at' in each && !(each.kind === 'text' && each.how === 'renumbered')),
    (each) => ('at' in each ? each.at.block : -1),
  )
  const mail: (Stop | Fold)[] = []
  let calm: ComparedBlock[] = []
  const fold = (end: number): void => {
    if (calm.length > 0) mail.push({ kind: 'fold', key: `to ${end}`, blocks: calm, heading: headingIn(calm) })
    calm = []
  }
  for (const [index, block] of blocks.entries()) {
    const own = inBlock.get(index)
    if (own === undefined) calm.push(block)
    else {
      fold(index)
      mail.push(stop(`block ${block.after ?? `was ${block.before}`}`, own, block))
    }
  }
  fold(blocks.length)
  const told = Map.groupBy(of(['source']), togetherAs)
  const sources = [
    ...(told.get('alone') ?? []).map((each) => [each]),
    ...together.map((how) => told.get(how) ?? []),
  ]
    .filter((own) => own.length > 0)
    .map((own, index) => stop(`source ${index}`, own))
  return { head, mail, sources, stops }
}

const together = ['opened', 'renumbered'] as const

/** What happens to many sources at once is one stop. */
function togetherAs(change: Change): 'alone' | (typeof together)[number] {
  if (change.kind !== 'source') return 'alone'
  if (change.how === 'renumbered') return 'renumbered'
  return isOpened(change) ? 'opened' : 'alone'
}

/** Whether a source is open to its readers that was not, or the other way round, and nothing else. */
export function isOpened(change: Change): boolean {
  return change.kind === 'source' && change.fields.join() === 'access'
}

function headingIn(blocks: readonly ComparedBlock[]): string | null {
  const last = blocks.findLast(({ kind, after }) => kind === 'heading' && after !== null)
  return last === undefined ? null : wordsOf(last)
}

/** A block as it reads now. */
export function wordsOf({ segments }: ComparedBlock): string {
  return segments
    .filter(({ kind }) => kind !== 'removed')
    .map(({ text }) => text)
    .join('')
}

/** What the place of a change outside of the mail's body is known by; of several there is none. */
function placeKey(change: Change | undefined): string {
  if (change?.kind !== 'source') return change?.kind ?? ''
  return change.how === 'renumbered' || isOpened(change) ? '' : `source:${change.to?.id ?? ''}`
}

/** The place of a position mark, `<file>:<line>:<column>-…`. */
function placeOf(mark: string | null, files: readonly string[]): TextPlace | null {
  const [number, line, column] = (mark ?? '').split('-')[0]?.split(':').map(Number) ?? []
  const file = files[number ?? -1]
  return mark === null || file === undefined ? null : { file, line: line ?? 1, column: column ?? 1 }
}
