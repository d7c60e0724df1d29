import { useState } from 'preact/hooks'
import type { Change, ComparedBlock } from '../../../contract/compare.ts'
import { Button } from '../../parts/button.tsx'
import { PlaceLink } from '../../shell/place-link.tsx'
import { ChangeNote } from './change-notes.tsx'
import { isOpened, wordsOf, type Fold, type Layout, type Stop } from './layout.ts'
import { Words } from './words.tsx'

const heads = {
  subject: 'Subject',
  preheader: 'Preheader',
  from: 'Sender',
  replyTo: 'Replies go to',
} as const

/** So many notes of one change are in sight; the others fold out. */
const MOST_NOTES = 4

const hows = {
  added: 'New',
  removed: 'Gone',
  changed: 'Changed',
  moved: 'Moved',
  renumbered: 'Changed',
} as const

export interface ChangesProps {
  readonly issue: string
  readonly layout: Layout
  /** So many stops are drawn; what comes after them is not. */
  readonly most: number
  readonly onMore: () => void
}

/** All that a reader would see changed, in the order of reading. */
export function Changes({ issue, layout, most, onMore }: ChangesProps) {
  const { head, mail, sources, stops } = layout
  const shown = <Part extends Stop | Fold>(parts: readonly Part[]): readonly Part[] => {
    const end = parts.findIndex((part) => part.kind === 'stop' && part.number > most)
    return end < 0 ? parts : parts.slice(0, end)
  }
  const stopOf = (stop: Stop) => <OneStop key={stop.key} issue={issue} stop={stop} count={stops.length} />
  const isCut = stops.length > most
  return (
    <div class="compare-changes">
      {head.length > 0 && (
        <section aria-labelledby="compare-head">
          <h3 id="compare-head">In the inbox</h3>
          {shown(head).map(stopOf)}
        </section>
      )}
      <section aria-labelledby="compare-mail">
        <h3 id="compare-mail">In the mail</h3>
        {shown(mail).map((part) =>
          part.kind === 'stop' ? stopOf(part) : <Folded key={part.key} fold={part} />,
        )}
      </section>
      {sources.length > 0 && (sources[0]?.number ?? 0) <= most && (
        <section aria-labelledby="compare-sources">
          <h3 id="compare-sources">In the list of sources</h3>
          {shown(sources).map(stopOf)}
        </section>
      )}
      {isCut && (
        <p class="compare-more">
          <Button onClick={onMore}>Show more: {stops.length - most} changes are left</Button>
        </p>
      )}
    </div>
  )
}

/** The element of a stop, which is led to by keys. */
export const stopId = (number: number | ''): string => `change-${number}`

function OneStop({
  issue,
  stop,
  count,
}: {
  readonly issue: string
  readonly stop: Stop
  readonly count: number
}) {
  const { number, changes, block, place } = stop
  return (
    <article
      class={`compare-stop ${block?.how ?? ''}`}
      id={stopId(number)}
      tabIndex={-1}
      aria-label={`Change ${number} of ${count}`}
    >
      <p class="compare-kind">
        <span>{labelOf(changes, block)}</span>
        {place !== null && <PlaceLink {...{ issue, place }} />}
      </p>
      {block !== null && block.image === null && (
        <p class={`compare-block ${block.kind}`}>
          <Words segments={block.segments} />
        </p>
      )}
      {changes.slice(0, MOST_NOTES).map((change, index) => (
        <Said key={index} change={change} />
      ))}
      {changes.length > MOST_NOTES && (
        <details>
          <summary>and {changes.length - MOST_NOTES} more</summary>
          {changes.slice(MOST_NOTES).map((change, index) => (
            <Said key={index} change={change} />
          ))}
        </details>
      )}
    </article>
  )
}

function Said({ change }: { readonly change: Change }) {
  if ('segments' in change && change.kind !== 'text')
    return (
      <p class="compare-block">
        <Words segments={change.segments} />
      </p>
    )
  return <ChangeNote change={change} />
}

function labelOf(changes: readonly Change[], block: ComparedBlock | null): string {
  const [first] = changes
  if (block !== null) {
    if (block.image !== null) return 'Image'
    if (block.how !== 'changed') return hows[block.how === 'same' ? 'changed' : block.how]
    const kinds = new Set(changes.map(({ kind }) => kind))
    if (kinds.has('text')) return 'Changed'
    return kinds.has('citation') ? 'Another source' : 'Another link'
  }
  if (first?.kind === 'source' && isOpened(first)) return 'Open to other readers'
  if (first?.kind === 'source')
    return first.how === 'renumbered' ? 'The same sources by other numbers' : 'Source'
  return headOf(first) ?? 'Changed'
}

/** What of the inbox row a change is in; null: it is in none. */
export function headOf(change: Change | undefined): string | null {
  switch (change?.kind) {
    case 'subject':
    case 'preheader':
    case 'from':
    case 'replyTo':
      return heads[change.kind]
    default:
      return null
  }
}

function Folded({ fold: { blocks, heading } }: { readonly fold: Fold }) {
  const [open, setOpen] = useState(false)
  const count = `${blocks.length} ${blocks.length === 1 ? 'paragraph' : 'paragraphs'} unchanged`
  return (
    <div class="compare-fold">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {count}
        {heading !== null && <span class="soft"> · up to “{heading}”</span>}
      </button>
      {open &&
        blocks.map((block, index) => (
          <p key={index} class={`compare-block ${block.kind}`}>
            {block.image === null ? wordsOf(block) : (block.image.to?.alt ?? '')}
          </p>
        ))}
    </div>
  )
}
