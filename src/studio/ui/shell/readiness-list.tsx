import type { IssueScreen, Readiness } from '../../contract/issues.ts'
import { placeInWords, PlaceLink } from './place-link.tsx'
import { href } from './routes.ts'

/** What stands in the way of sending an issue, each line with the way to where it is mended. */
export function ReadinessList({
  issue,
  lines,
  more,
  here = null,
}: {
  readonly issue: string
  /** The screen that it is on: a link would lead nowhere. */
  readonly here?: IssueScreen | null
} & Pick<Readiness, 'lines' | 'more'>) {
  if (lines.length === 0) return null
  return (
    <ul class="readiness-list">
      {lines.map(({ text, place, screen }) => (
        <li key={`${text} ${place?.file ?? ''} ${place?.line ?? ''}`}>
          {place === null && screen === here ? (
            text
          ) : place === null ? (
            <a href={href({ screen: 'issue', issue, tab: screen })}>{text}</a>
          ) : (
            <>
              <PlaceLink {...{ issue, place }}>{text}</PlaceLink>{' '}
              <code title={place.file}>{placeInWords(place)}</code>
            </>
          )}
        </li>
      ))}
      {more > 0 && (
        <li>
          <a href={href({ screen: 'issue', issue, tab: 'check' })}>and {more} more</a>
        </li>
      )}
    </ul>
  )
}
