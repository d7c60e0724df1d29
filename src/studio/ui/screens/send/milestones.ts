import { useRef } from 'preact/hooks'
import type { SendingStatus } from '../../../contract/sending.ts'
import type { Figures } from './words.ts'

/** What a screen reader is told of a send: its beginning, each quarter, and its end; never every tick. */
export function useMilestones(status: SendingStatus | null, figures: Figures): string {
  const said = useRef({ at: '', text: '' })
  const first = useRef(true)
  const milestone = status === null ? { at: '', text: '' } : milestoneOf(status, figures)
  if (milestone.at !== said.current.at) {
    // What was so when the screen was opened is read there.
    said.current = first.current ? { ...milestone, text: '' } : milestone
  }
  if (status !== null) first.current = false
  return said.current.text
}

function milestoneOf(
  { kind, state, total, waiting, counts, reason, scheduled }: SendingStatus,
  { people, number }: Figures,
): { readonly at: string; readonly text: string } {
  const done = `${number(total - waiting)} of ${people(total)}`
  switch (state) {
    case 'scheduled':
      if (scheduled !== null && scheduled.held === null && Date.parse(scheduled.at.at) <= Date.now())
        return { at: 'freezing', text: 'The send starts.' }
      return { at: `scheduled ${scheduled?.at.at}`, text: `Scheduled: ${scheduled?.at.words}.` }
    case 'freezing':
      return { at: 'freezing', text: 'The send starts.' }
    case 'sending': {
      const quarter = total === 0 ? 0 : Math.floor(((total - waiting) / total) * 4)
      return {
        at: `sending ${quarter} ${reason ?? ''}`,
        text: `Being sent: ${done}.${reason === null ? '' : ` It waits: ${reason}.`}`,
      }
    }
    case 'paused':
      return { at: 'paused', text: `Paused${reason === null ? '' : `: ${reason}`}. ${done} are done.` }
    case 'done':
      return {
        at: `done ${total}`,
        text:
          kind === 'rehearsal'
            ? `Rehearsed: ${number(counts.accepted)} of ${number(total)} messages went to the outbox.`
            : `Sent: ${number(counts.accepted)} of ${people(total)} accepted.`,
      }
    case 'cancelled':
      return {
        at: 'cancelled',
        text: `Cancelled: ${number(counts.accepted)} had been accepted, ${people(counts.cancelled)} get nothing.`,
      }
  }
}
