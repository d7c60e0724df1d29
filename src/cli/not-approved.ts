import { OnrecordError } from '../core/errors.ts'
import type { ApprovalStep, IssueStanding, PartChange } from '../delivery/approval.ts'
import { moment, shorten } from './round-text.ts'

/** So many names of one kind are written out. */
const MOST_NAMES = 4

/** So many lines say what a reader would see of it. */
const MOST_WORDS = 3

/**
 * Why an issue may not go out, and what to do. Where it was approved: by whom, when, and what changed since.
 *
 * @param words what a reader would see of that, a line a change
 * @param timeZone whose clock times are told by; default: this machine's
 */
export function notApproved(
  standing: IssueStanding,
  file: string,
  words: readonly string[] = [],
  timeZone?: string,
): OnrecordError {
  const { issue, state, decidedBy, last } = standing
  const approve = `“onrecord approve ${issue} --as "Your name"”`
  if (decidedBy === 'frontmatter') {
    const stands = state === 'draft' ? 'a draft' : 'in review'
    return new OnrecordError('refused', `${file}: ${issue} is ${stands}; only an approved issue goes out.`, {
      hint: `set “status: approved” in ${file}, or run ${approve}`,
    })
  }
  if (state === 'void') {
    const shown = words.slice(0, MOST_WORDS).map((line) => `\n  ${shorten(line, 100)}`)
    const since = `${changeText(standing.changes)}.${shown.join('')}`
    return new OnrecordError(
      'refused',
      `${issue} was ${approvedText(standing, timeZone)}, and has changed since: ${since}`,
      { hint: `“onrecord compare ${issue}” shows all of it; then ${approve} approves it as it is` },
    )
  }
  return new OnrecordError('refused', `${issue} is not approved: ${whyNot(last, state, timeZone)}.`, {
    hint: `${approve} approves it; what “status:” in ${file} says does not count once approvals are recorded`,
  })
}

/** Where an issue stands, as a sentence. */
export function standingText(standing: IssueStanding, timeZone?: string): string {
  const { issue, state, decidedBy, last } = standing
  if (decidedBy === 'frontmatter') {
    const stands = { draft: 'a draft', review: 'in review', approved: 'approved', void: 'void' }[state]
    return `${issue} is ${stands}, by its frontmatter: no approval was ever recorded here.`
  }
  switch (state) {
    case 'approved':
      return `${issue} was ${approvedText(standing, timeZone)}, and is as it was then.`
    case 'void':
      return `${issue} was ${approvedText(standing, timeZone)}, and has changed since: ${changeText(standing.changes)}.`
    case 'draft':
    case 'review':
      return `${issue} is not approved: ${whyNot(last, state, timeZone)}.`
  }
}

/** “approved by Ada on 14 Nov 2025, 09:30 CET”. */
function approvedText({ approval }: IssueStanding, timeZone: string | undefined): string {
  return approval === null ? 'not approved' : `approved by ${approval.by} on ${moment(approval.at, timeZone)}`
}

function whyNot(
  last: ApprovalStep | null,
  state: IssueStanding['state'],
  timeZone: string | undefined,
): string {
  if (last === null) return state === 'review' ? 'it is in review' : 'it is a draft that nobody has approved'
  return stepText(last, timeZone)
}

/** “Ada asked for a review of it on 14 Nov 2025, 09:30 CET (“see the toll”)”. */
export function stepText({ step, by, at, note }: ApprovalStep, timeZone?: string): string {
  const did = { draft: 'sent it back to draft', review: 'asked for a review of it', approved: 'approved it' }
  return `${by} ${did[step]} on ${moment(at, timeZone)}${note === null ? '' : ` (“${note}”)`}`
}

const nouns = {
  file: 'the text',
  source: 'sources',
  image: 'images',
  look: 'the look',
  setting: 'settings',
} as const

/** “the text (istanbul-talks.md), sources (dawn-1011 added), the look”. */
export function changeText(changes: readonly PartChange[]): string {
  if (changes.length === 0) return 'its files cannot be read any more'
  const kinds = [...new Set(changes.map(({ kind }) => kind))]
  return kinds
    .map((kind) => {
      const own = changes.filter((each) => each.kind === kind)
      const names = own.slice(0, MOST_NAMES).map(({ name, how }) => {
        const short = shorten(name.split('/').at(-1) ?? name, 40)
        return how === 'changed' ? short : `${short} ${how}`
      })
      const more = own.length > MOST_NAMES ? [`${own.length - MOST_NAMES} more`] : []
      return `${nouns[kind]} (${[...names, ...more].join(', ')})`
    })
    .join(', ')
}
