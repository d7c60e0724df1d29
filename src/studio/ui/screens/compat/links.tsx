import { useState } from 'preact/hooks'
import type { IssueCompat, LinkCheck, LinkChecks, LinkRequest } from '../../../contract/compat.ts'
import { Button } from '../../parts/button.tsx'
import { Checkbox } from '../../parts/field.tsx'
import { Badge, EmptyState, Notice, Progress } from '../../parts/notice.tsx'
import { OutsideLink } from '../../parts/outside-link.tsx'
import { apiPath, post, sentenceOf } from '../../shell/api.ts'
import { PlaceLinks } from './place-links.tsx'

type State = 'broken' | 'refused' | 'could-not-verify' | 'moved' | 'waiting' | 'works'

const states: Readonly<
  Record<State, { readonly word: string; readonly tone: 'error' | 'warning' | 'good' | 'info' | 'plain' }>
> = {
  broken: { word: 'Broken', tone: 'error' },
  refused: { word: 'Refused: private', tone: 'error' },
  'could-not-verify': { word: 'Could not verify', tone: 'warning' },
  moved: { word: 'Moved', tone: 'info' },
  waiting: { word: 'Not looked at yet', tone: 'plain' },
  works: { word: 'Works', tone: 'good' },
}

const order = Object.keys(states) as readonly State[]

export interface LinksProps {
  readonly issue: string
  readonly tier: IssueCompat['tier']
  readonly links: LinkChecks
  readonly isOn: boolean
  readonly onSwitch: (on: boolean) => void
}

/** Whether what the mail links to and shows is there, worst first; what works is folded. */
export function Links({ issue, tier, links, isOn, onSwitch }: LinksProps) {
  const [error, setError] = useState<string | null>(null)
  const groups = Map.groupBy(links.results, stateOf)
  const working = groups.get('works') ?? []
  const again = (): void => {
    post(apiPath(['issues', issue, 'compat', 'links']), { tier } satisfies LinkRequest).then(
      () => setError(null),
      (failed: unknown) => setError(sentenceOf(failed)),
    )
  }
  return (
    <>
      <div class="toolbar compat-links-bar">
        <Checkbox label="Ask for them in the background" checked={isOn} onChange={onSwitch} />
        <Button onClick={again} disabled={!isOn || links.running || links.total === 0}>
          Check again
        </Button>
      </div>
      {error !== null && <Notice tone="error">{error}</Notice>}
      <div class="compat-progress">
        {links.running ? (
          <Progress
            label="Links looked at"
            value={links.done}
            max={links.total}
            words={`${links.done} of ${links.total}`}
          />
        ) : (
          <p role="status">{summary(links, groups, isOn)}</p>
        )}
      </div>
      {links.total === 0 && (
        <EmptyState title="No links to look at">
          This mail leads to no other site{links.skipped === 0 ? '' : ' that is asked'}.
        </EmptyState>
      )}
      {order
        .filter((state) => state !== 'works')
        .map((state) => {
          const members = groups.get(state) ?? []
          if (members.length === 0) return null
          return (
            <section key={state} class="compat-group">
              <h3>
                <Badge tone={states[state].tone}>{states[state].word}</Badge> {members.length}
              </h3>
              <LinkList issue={issue} links={members} />
            </section>
          )
        })}
      {working.length > 0 && (
        <details class="compat-group">
          <summary>
            <Badge tone="good">{states.works.word}</Badge> {working.length}
          </summary>
          <LinkList issue={issue} links={working} />
        </details>
      )}
      <p class="compat-foot">
        Pages are asked one host at a time, as robots.txt allows, and never within a local network.
        {links.skipped > 0 && ` ${skippedWords(links.skipped)}`}
      </p>
    </>
  )
}

function skippedWords(number: number): string {
  return number === 1
    ? 'One address of this publication itself, or kept for examples, is not asked.'
    : `${number} addresses of this publication itself, or kept for examples, are not asked.`
}

function stateOf({ state, movedTo }: LinkCheck): State {
  return state === 'works' && movedTo !== null ? 'moved' : state
}

function summary(
  { total, done }: LinkChecks,
  groups: ReadonlyMap<State, readonly LinkCheck[]>,
  isOn: boolean,
): string {
  if (total === 0) return ''
  if (done === 0)
    return isOn ? 'They will be looked at in a moment.' : 'None has been looked at: asking is switched off.'
  const told = order.flatMap((state) => {
    const number = groups.get(state)?.length ?? 0
    return number === 0 ? [] : [`${number} ${states[state].word.toLowerCase()}`]
  })
  return `${total} ${total === 1 ? 'address' : 'addresses'}: ${told.join(', ')}.`
}

function LinkList({ issue, links }: { readonly issue: string; readonly links: readonly LinkCheck[] }) {
  return (
    <ol>
      {links.map((link) => {
        const { url, kind, sentence, movedTo, place } = link
        return (
          <li key={`${kind} ${url}`} class="compat-link">
            <p class="compat-address">
              {kind === 'image' && <Badge tone="plain">Image</Badge>} <OutsideLink to={url} />
            </p>
            {sentence !== null && <p>{sentence}</p>}
            {movedTo !== null && (
              <p>
                It leads on to <OutsideLink to={movedTo} />
              </p>
            )}
            {place !== null && (
              <p class="compat-where">
                <PlaceLinks issue={issue} place={place} />
              </p>
            )}
          </li>
        )
      })}
    </ol>
  )
}
