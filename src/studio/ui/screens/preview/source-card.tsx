import type { PreviewSource } from '../../../contract/preview.ts'
import { dayInWords } from '../../shell/day.ts'

/** Where the card stands: over or under the number, in pixels of the stage. */
export interface CardPlace {
  readonly number: number
  readonly left: number
  readonly top: number
  readonly above: boolean
}

/** What a number in brackets stands for, as long as it is pointed at. */
export function SourceCard({
  source,
  place,
  onKeep,
  onLeave,
}: {
  readonly source: PreviewSource
  readonly place: CardPlace
  /** The pointer has come to the card. */
  readonly onKeep: () => void
  readonly onLeave: () => void
}) {
  const { number, title, publisher, published, capturedAt, url, quotes, locked } = source
  const address = url === null ? null : URL.parse(url)
  const opens = address !== null && /^https?:$/.test(address.protocol)
  return (
    <div
      class={place.above ? 'preview-card above' : 'preview-card'}
      style={{ left: `${place.left}px`, top: `${place.top}px` }}
      onPointerEnter={onKeep}
      onPointerLeave={onLeave}
    >
      <p class="preview-card-title">
        <span class="soft">[{number}]</span> <bdi>{title}</bdi>
      </p>
      <p>
        <bdi>{publisher}</bdi>
        <span class="soft">
          {' '}
          · {published === '' ? 'date unknown' : dayInWords(published)}
          {capturedAt !== null && ` · stored copy of ${dayInWords(capturedAt)}`}
        </span>
      </p>
      {quotes.slice(0, 3).map((quote) => (
        <blockquote key={quote} dir="auto">
          {quote}
        </blockquote>
      ))}
      {quotes.length > 3 && <p class="soft">and {quotes.length - 3} more quotations</p>}
      {opens ? (
        <p>
          <a href={address.href} target="_blank" rel="noopener noreferrer">
            Open at {address.hostname}
          </a>
        </p>
      ) : (
        <p class="soft">{locked ?? 'It has no link.'}</p>
      )}
    </div>
  )
}
