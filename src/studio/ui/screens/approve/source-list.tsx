import { Fragment } from 'preact'
import { useRef } from 'preact/hooks'
import type { ApprovalSheet, CheckedClaim, TickedSource } from '../../../contract/approval.ts'
import { Badge, Progress } from '../../parts/notice.tsx'
import { useListKeys } from '../../parts/list-keys.ts'
import { OutsideLink } from '../../parts/outside-link.tsx'
import { dayInWords, momentInWords } from '../../shell/day.ts'
import { severities } from '../check/words.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { isChecked } from './progress.ts'

export interface SourceListProps {
  readonly issue: string
  readonly sheet: ApprovalSheet
  readonly timeZone: string
  /** Ticks that are on their way. */
  readonly ticking: ReadonlyMap<string, boolean>
  readonly onTick: (source: TickedSource, ticked: boolean) => void
}

/** Every cited source, to be held against what is said of it, and ticked off. */
export function SourceList({ issue, sheet, timeZone, ticking, onTick }: SourceListProps) {
  const list = useRef<HTMLOListElement>(null)
  const { sources, findings } = sheet
  const checkedOf = (each: TickedSource): boolean => ticking.get(each.check.id) ?? isChecked(each)
  const checked = sources.filter(checkedOf).length
  useListKeys(list)
  if (sources.length === 0)
    return <p class="soft">It cites no source{sheet.hash === null && ' that can be read'}.</p>
  return (
    <>
      <div role="status">
        <Progress
          label="Sources checked"
          value={checked}
          max={sources.length}
          words={`${checked} of ${sources.length} checked`}
        />
      </div>
      <p class="help" id="approve-list-help">
        Arrows lead from source to source, the space bar ticks one off. A tick ends when its entry, or what is
        said on its strength, changes.
      </p>
      <ol class="approve-sources" ref={list} aria-describedby="approve-list-help">
        {sources.map((each) => (
          <OneSource
            key={each.check.id}
            issue={issue}
            source={each}
            timeZone={timeZone}
            found={findings[each.check.id] ?? []}
            checked={checkedOf(each)}
            onTick={(ticked) => onTick(each, ticked)}
          />
        ))}
      </ol>
    </>
  )
}

function OneSource({
  issue,
  source,
  timeZone,
  found,
  checked,
  onTick,
}: {
  readonly issue: string
  readonly source: TickedSource
  readonly timeZone: string
  readonly found: NonNullable<ApprovalSheet['findings'][string]>
  readonly checked: boolean
  readonly onTick: (ticked: boolean) => void
}) {
  const { check, tick, stale } = source
  const { id, number, title, publisher, url, kind, published, stored, place, claims } = check
  const facts = [
    publisher,
    kind,
    published === 'unknown' ? 'day unknown' : dayInWords(published),
    stored === null ? 'no stored copy' : `stored copy of ${dayInWords(stored)}`,
  ]
  return (
    <li class={checked ? 'checked' : ''}>
      <label class="approve-source">
        <input
          type="checkbox"
          data-row
          checked={checked}
          aria-describedby={tick === null ? undefined : `tick-${number}`}
          onChange={(event) => onTick(event.currentTarget.checked)}
        />
        <span class="approve-number">[{number}]</span>
        <span class="approve-title">{title}</span>
      </label>
      <p class="approve-facts">{facts.join(' · ')}</p>
      {tick !== null && (
        <p id={`tick-${number}`} class="approve-tick">
          {stale ? (
            <>
              <Badge tone="warning">Changed</Badge> Checked by {tick.by} on {momentInWords(tick.at, timeZone)}
              ; its entry, or what is said on its strength, has changed since.
            </>
          ) : (
            `Checked by ${tick.by} on ${momentInWords(tick.at, timeZone)}.`
          )}
        </p>
      )}
      <p class="approve-links">
        {url === null ? (
          <span class="soft">It has no address.</span>
        ) : (
          <OutsideLink to={url}>Open the source</OutsideLink>
        )}{' '}
        <PlaceLink issue={issue} place={place}>
          Its entry
        </PlaceLink>
      </p>
      <Claims issue={issue} claims={claims} />
      {found.length > 0 && (
        <ul class="approve-found" aria-label={`What the desk found about ${id}`}>
          {found.map((each) => (
            <li key={`${each.line}:${each.column}${each.message}`}>
              <Badge tone={each.severity}>{severities[each.severity].word}</Badge>{' '}
              <PlaceLink issue={issue} place={each}>
                {each.message}
              </PlaceLink>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

/** So many claims are in sight; the others fold out. */
const MOST_CLAIMS = 3

function Claims({ issue, claims }: { readonly issue: string; readonly claims: readonly CheckedClaim[] }) {
  // A sentence that cites it more than once is shown once, with all that it quotes.
  const sentences = [...Map.groupBy(claims, ({ text, place }) => `${place.file} ${text}`).values()]
  const lines = (some: readonly (readonly CheckedClaim[])[]) => (
    <ul class="approve-claims">
      {some.map((own, index) => (
        <Sentence key={index} issue={issue} claims={own} />
      ))}
    </ul>
  )
  const rest = sentences.slice(MOST_CLAIMS)
  return (
    <>
      {lines(sentences.slice(0, MOST_CLAIMS))}
      {rest.length > 0 && (
        <details class="approve-more">
          <summary>
            {rest.length} more {rest.length === 1 ? 'claim rests' : 'claims rest'} on it
          </summary>
          {lines(rest)}
        </details>
      )}
    </>
  )
}

function Sentence({ issue, claims }: { readonly issue: string; readonly claims: readonly CheckedClaim[] }) {
  const [first] = claims
  if (first === undefined) return null
  const { text, place } = first
  return (
    <li>
      <span>{text}</span>{' '}
      <PlaceLink issue={issue} place={place}>
        {place.file.split('/').at(-1)}, line {place.line}
      </PlaceLink>
      {claims.map(({ quote, locator }, index) => (
        <Fragment key={index}>
          {quote !== null && <q class="approve-quote">{quote}</q>}
          {locator !== null && <span class="soft"> {locator}</span>}
        </Fragment>
      ))}
    </li>
  )
}
