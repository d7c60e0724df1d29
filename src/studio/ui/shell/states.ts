import type { IssueState, IssueSummary } from '../../contract/issues.ts'
import { momentInWords } from './day.ts'

/** Where an issue stands, in a word or two. */
export const stateWords: Readonly<Record<IssueState, string>> = {
  broken: 'Cannot be read',
  draft: 'Draft',
  review: 'In review',
  approved: 'Approved',
  void: 'Changed since approval',
  scheduled: 'Scheduled',
  sending: 'Being sent',
  paused: 'Paused',
  sent: 'Sent',
  cancelled: 'Stopped',
  published: 'On the site',
}

/** The same with who and when: “Approved by Ada, 14 Nov 2025, 07:30 CET”. */
export function standInWords(
  { state, by, at, rehearsal }: Pick<IssueSummary, 'state' | 'by' | 'at' | 'rehearsal'>,
  timeZone: string,
): string {
  const word = rehearsal ? `${stateWords[state]} as a rehearsal` : stateWords[state]
  const when = at === null ? '' : momentInWords(at, timeZone)
  switch (state) {
    case 'approved':
    case 'void':
    case 'draft':
    case 'review':
      return by === null || at === null ? word : `${word}${wordOfBy(state)} ${by}, ${when}`
    case 'scheduled':
      return when === '' ? word : `${word} for ${when}`
    case 'sending':
    case 'paused':
    case 'sent':
    case 'cancelled':
    case 'published':
      return when === '' ? word : `${word}, ${when}`
    case 'broken':
      return word
  }
}

function wordOfBy(state: 'approved' | 'void' | 'draft' | 'review'): string {
  switch (state) {
    case 'approved':
      return ' by'
    case 'void':
      return ' by'
    case 'review':
      return ', handed over by'
    case 'draft':
      return ', sent back by'
  }
}
