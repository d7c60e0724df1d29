import type { ApprovalSheet, PartChange } from '../../../contract/approval.ts'
import { momentInWords } from '../../shell/day.ts'
import { PlaceLink } from '../../shell/place-link.tsx'

const steps = [
  { id: 'draft', label: 'Draft' },
  { id: 'review', label: 'In review' },
  { id: 'approved', label: 'Approved' },
] as const

/** Where the issue stands: one sentence, and a line of three steps. */
export function Standing({ sheet, timeZone }: { readonly sheet: ApprovalSheet; readonly timeZone: string }) {
  const { state, last } = sheet.standing
  const here = steps.findIndex(({ id }) => id === (state === 'void' ? 'approved' : state))
  return (
    <>
      <h2 id="approve-standing" tabIndex={-1}>
        {standingSentence(sheet, timeZone)}
      </h2>
      {last?.note !== null && last !== null && <p class="approve-note">“{last.note}”</p>}
      <ol class="approve-steps" aria-label="Steps">
        {steps.map(({ id, label }, index) => (
          <li
            key={id}
            class={index === here ? `here ${state}` : index < here ? 'passed' : ''}
            aria-current={index === here ? 'step' : undefined}
          >
            {id === 'approved' && state === 'void' ? 'Approval void' : label}
          </li>
        ))}
      </ol>
    </>
  )
}

/** Where an issue stands, by whom and since when. */
export function standingSentence({ standing }: ApprovalSheet, timeZone: string): string {
  const { state, decidedBy, last, approval } = standing
  if (decidedBy === 'frontmatter') {
    const stands = { draft: 'A draft', review: 'In review', approved: 'Approved', void: 'Void' }[state]
    return `${stands}, by what its file says. Once a step is recorded, the record decides.`
  }
  const who = last === null ? '' : `${last.by} on ${momentInWords(last.at, timeZone)}`
  switch (state) {
    case 'approved':
      return `Approved by ${who}, and as it was then.`
    case 'void':
      return `Changed since ${approval?.by ?? ''} approved it on ${momentInWords(approval?.at ?? 0, timeZone)}: that approval is void.`
    case 'review':
      return last === null ? 'In review, by what its file says.' : `In review: handed over by ${who}.`
    case 'draft':
      return last === null ? 'A draft that nobody has approved.' : `A draft: sent back by ${who}.`
  }
}

const kinds = [
  { kind: 'file', label: 'Text' },
  { kind: 'source', label: 'Sources' },
  { kind: 'image', label: 'Images' },
  { kind: 'look', label: 'The look' },
  { kind: 'setting', label: 'Settings' },
] as const satisfies readonly { readonly kind: PartChange['kind']; readonly label: string }[]

/** So many names of one kind are written out. */
const MOST_NAMES = 8

/** What changed since the approval, part by part; what is written somewhere leads there. */
export function ChangedParts({ issue, sheet }: { readonly issue: string; readonly sheet: ApprovalSheet }) {
  const { changes } = sheet.standing
  if (changes.length === 0) return <p>Its files cannot be read any more.</p>
  return (
    <dl class="approve-changed">
      {kinds.map(({ kind, label }) => {
        const own = changes.filter((each) => each.kind === kind)
        if (own.length === 0) return null
        return (
          <div key={kind}>
            <dt>{label}</dt>
            <dd>
              {own.slice(0, MOST_NAMES).map((each, index) => (
                <span key={each.name}>
                  {index > 0 && ', '}
                  <PartName issue={issue} sheet={sheet} change={each} />
                </span>
              ))}
              {own.length > MOST_NAMES && ` and ${own.length - MOST_NAMES} more`}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function PartName({
  issue,
  sheet,
  change: { kind, name, how },
}: {
  readonly issue: string
  readonly sheet: ApprovalSheet
  readonly change: PartChange
}) {
  const place =
    kind === 'file'
      ? { file: name, line: 1, column: 1 }
      : (sheet.sources.find(({ check }) => kind === 'source' && check.id === name)?.check.place ?? null)
  const words = kind === 'file' || kind === 'image' ? (name.split('/').at(-1) ?? name) : name
  return (
    <>
      {place === null || how === 'removed' ? (
        <span>{words}</span>
      ) : (
        <PlaceLink issue={issue} place={place}>
          {words}
        </PlaceLink>
      )}
      {how !== 'changed' && ` (${how})`}
    </>
  )
}
