import { useLayoutEffect, useRef } from 'preact/hooks'
import type { CheckFinding, IssueCheck } from '../../../contract/check.ts'
import { EmptyState } from '../../parts/notice.tsx'
import { Choice } from '../../parts/tabs.tsx'
import { useRemembered } from '../../shell/remembered.ts'
import { Finding } from './finding.tsx'
import type { Mending } from './mend.ts'
import { withParts, type WithParts } from './parts-of.ts'
import { kindOf, severities, type Severity } from './words.ts'

const order: readonly Severity[] = ['error', 'warning', 'info']

/** The findings of an issue: counted, filtered, in groups; what is waived is folded at the end. */
export function Findings({
  check,
  mending,
  beside = null,
}: {
  readonly check: IssueCheck
  readonly mending: Mending
  /** The file that they stand beside: what is found in it comes first. */
  readonly beside?: string | null
}) {
  const [hidden, setHidden] = useRemembered('check.hidden', '', (text) =>
    /^[a-z ]*$/.test(text) ? text : null,
  )
  const [by, setBy] = useRemembered('check.by', 'file', (text) =>
    text === 'file' || text === 'kind' ? text : null,
  )
  const list = useRef<HTMLDivElement>(null)
  const focus = useRef<FocusPlace | null>(null)
  useLayoutEffect(() => keepFocus(focus.current, list.current), [check])
  const { findings } = check
  const open = findings.filter(({ waived }) => waived === null)
  const waived = findings.filter((each) => each.waived !== null)
  const isBeside = ({ file }: CheckFinding): boolean => file === beside
  const isHidden = (severity: Severity): boolean => hidden.split(' ').includes(severity)
  const seen = open.filter(({ severity }) => !isHidden(severity))
  const [here, elsewhere] = [seen.filter(isBeside), seen.filter((each) => !isBeside(each))]
  const shown = [...here, ...elsewhere]
  const groups = Map.groupBy(shown, (each) => (by === 'file' ? each.file : kindOf(each)))
  const toggle = (severity: Severity): void => {
    const rest = hidden.split(' ').filter((each) => each !== severity && each !== '')
    setHidden([...rest, ...(isHidden(severity) ? [] : [severity])].join(' '))
  }
  return (
    <div
      class="check-findings"
      ref={list}
      tabIndex={-1}
      onKeyDown={(event) => moveFocus(event, list.current)}
      onFocusIn={(event) => {
        focus.current = placeOfFocus(event.target, list.current)
      }}
    >
      <div class="toolbar check-bar">
        <div class="check-counts" role="group" aria-label="Show">
          {order.map((severity) => {
            const number = open.filter((each) => each.severity === severity).length
            return (
              <button
                key={severity}
                type="button"
                class={`check-count ${severity}`}
                aria-pressed={!isHidden(severity)}
                disabled={number === 0}
                onClick={() => toggle(severity)}
              >
                <span class={`check-sign ${severity}`} aria-hidden="true">
                  {severities[severity].sign}
                </span>
                {number}{' '}
                {(number === 1 ? severities[severity].word : severities[severity].many).toLowerCase()}
              </button>
            )
          })}
        </div>
        <Choice
          label="Group by"
          options={[
            { value: 'file', label: 'By file' },
            { value: 'kind', label: 'By kind' },
          ]}
          chosen={by}
          onChoose={setBy}
        />
        <p class={beside !== null ? 'visually-hidden' : 'check-running soft'} role="status">
          {check.running ? 'Still being read …' : ''}
        </p>
      </div>
      {open.length === 0 && (
        <EmptyState title={waived.length === 0 ? 'Nothing found' : 'Nothing left to mend'}>
          {waived.length === 0
            ? 'The desk check has no question about this text.'
            : 'What the desk check found is waived, with a reason that readers see.'}
        </EmptyState>
      )}
      {open.length > 0 && shown.length === 0 && (
        <p class="soft">All findings are hidden. Press their counts to see them.</p>
      )}
      {beside !== null && shown.length > 0 && !open.some(isBeside) && (
        <p class="soft">Nothing in the open file; elsewhere in the issue:</p>
      )}
      {[...groups].map(([name, members]) => (
        <section key={name} class="check-group">
          <h3>
            {name} <span class="soft">{members.length}</span>
          </h3>
          <FindingList
            findings={by === 'file' ? withParts(members) : alone(members)}
            withFile={by === 'kind'}
            {...{ check, mending }}
          />
        </section>
      ))}
      {waived.length > 0 && (
        <details class="check-waived">
          <summary>{waived.length === 1 ? '1 waived' : `${waived.length} waived`}</summary>
          <FindingList findings={alone(waived)} withFile {...{ check, mending }} />
        </details>
      )}
    </div>
  )
}

function FindingList({
  findings,
  check,
  mending,
  withFile,
}: {
  readonly findings: readonly WithParts[]
  readonly check: IssueCheck
  readonly mending: Mending
  readonly withFile: boolean
}) {
  return (
    <ol class="check-list">
      {findings.map(({ finding, parts }) => (
        <Finding key={finding.key} rule={check.rules[finding.rule]} {...{ finding, mending, withFile }}>
          {parts.length > 0 && (
            <details class="check-parts">
              <summary>
                {parts.length === 1 ? '1 place without a source' : `${parts.length} places without a source`}
              </summary>
              <FindingList findings={alone(parts)} {...{ check, mending, withFile }} />
            </details>
          )}
        </Finding>
      ))}
    </ol>
  )
}

function alone(findings: readonly CheckFinding[]): readonly WithParts[] {
  return findings.map((finding) => ({ finding, parts: [] }))
}

/** Arrows go from finding to finding; what is between is reached by Tab. */
function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const at = event.target
  if (by === undefined || list === null || !(at instanceof HTMLElement)) return
  if (at.matches('input, textarea, select') || event.altKey || event.ctrlKey || event.metaKey) return
  const places = placesIn(list)
  const own = placeOfFocus(at, list)
  const next = places[own === null ? 0 : own.index + by]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

interface FocusPlace {
  readonly key: string | undefined
  /** Among the findings that are seen. */
  readonly index: number
}

function placesIn(list: HTMLElement): readonly HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('.check-place')].filter((each) => each.checkVisibility())
}

/** The finding that has focus. */
function placeOfFocus(target: EventTarget | null, list: HTMLElement | null): FocusPlace | null {
  const finding = target instanceof Element ? target.closest<HTMLElement>('.check-finding') : null
  const place = finding?.querySelector<HTMLElement>('.check-place') ?? null
  if (finding === null || list === null || place === null) return null
  return { key: finding.dataset['key'], index: placesIn(list).indexOf(place) }
}

/** A finding that was mended goes; focus goes to the one that takes its place. */
function keepFocus(was: FocusPlace | null, list: HTMLElement | null): void {
  if (was === null || list === null || document.activeElement !== document.body) return
  const places = placesIn(list)
  const next = places[was.index] ?? places.at(-1) ?? list
  next.focus()
}
