import type { FrozenChange } from '../delivery/frozen-change.ts'
import type { SendReport } from '../delivery/send-issue.ts'
import { waiting } from '../delivery/status.ts'
import { clock, counted, duration, moment, number, reasonText, stateLines } from './round-text.ts'

/** What a `send` did, in lines for people; `took` in milliseconds. */
export function describeSend(report: SendReport, took: number): string[] {
  const { status, how, added } = report
  const sent = status.accepted - report.acceptedBefore
  if (how === 'again' && added === 0 && sent === 0 && status.state === 'done') {
    const have = status.accepted === 1 ? '1 person has it' : `${number(status.accepted)} people have it`
    return [
      `${status.issue} has been sent already: ${have}, and nobody gets it twice.`,
      ...stateLines(status),
    ]
  }
  const lines = [firstLine(report, sent, took), ...stateLines(status)]
  if (status.state === 'paused' || status.state === 'freezing') {
    const why = told(report, sent) ? '' : `Not finished: ${reasonText(status.reason ?? 'interrupted')}. `
    lines.push(`${why}“onrecord send ${status.issue}” goes on.`)
  }
  if (status.state === 'sending') lines.push(whoGoesOn(report))
  if (status.state === 'cancelled') lines.push('It was cancelled.')
  if (status.rejected > 0) lines.push(`“onrecord status ${status.issue}” says why they were refused.`)
  return lines
}

/** Who tries the deferred ones again, and when. */
function whoGoesOn({ status, kind, nextDue }: SendReport): string {
  if (status.reason !== null)
    return `Not finished: ${reasonText(status.reason)}; a worker goes on then\n(“onrecord serve” runs one, or “onrecord worker”), or run this command again.`
  if (nextDue === null || waiting(status) > status.deferred)
    return `Another process is sending it: “onrecord status ${status.issue} --watch” shows how far it is.`
  const from = nextDue <= Date.now() ? 'now' : `from ${clock(nextDue)}`
  const deferred = `${number(status.deferred)} deferred by their servers`
  if (kind === 'rehearsal') return `${deferred}: run this command again ${from}.`
  return `${deferred}; a worker tries them again ${from}\n(“onrecord serve” runs one, or “onrecord worker”), or run this command again.`
}

/** Whether the first line says why it stopped: there is nothing else to say. */
function told({ status }: Pick<SendReport, 'status'>, sent: number): boolean {
  return sent === 0 && status.unknown === 0 && (status.state === 'paused' || status.state === 'freezing')
}

function firstLine({ status, how, kind, acceptedBefore }: SendReport, sent: number, took: number): string {
  const more = acceptedBefore > 0 ? ' more' : ''
  if (told({ status }, sent)) return `Nothing${more} was sent: ${reasonText(status.reason ?? 'interrupted')}.`
  if (sent === 0 && status.unknown === 0) return `Nobody${more} got ${status.issue}:`
  const where =
    kind === 'rehearsal' ? `${status.transport} (a rehearsal: nobody was mailed)` : status.transport
  const verb = { begun: 'Sent', resumed: 'Went on with', again: 'Sent to those who are new' }[how]
  return `${verb}: ${status.issue} to ${where}, ${counted(sent, 'message')} in ${duration(took)}.`
}

/** Where the files are not what had been frozen: which of the two goes out. */
export function changeLine({ kind, since }: FrozenChange, how: SendReport['how'], issue: string): string {
  const then = moment(since)
  const frozen =
    how === 'again'
      ? 'whoever is new gets the version frozen then'
      : `what goes out is the version frozen then (stop press: “onrecord send --cancel ${issue}”)`
  switch (kind) {
    case 'renewed':
      return 'The issue has changed since the last rehearsal; everybody gets the new version.'
    case 'refrozen':
      return `The files have changed since ${then}; nothing had gone out, so the new version is sent.`
    case 'kept':
      return `The files have changed since ${then}; ${frozen}.`
    case 'blocked':
      return `The files could not go out as they are now (“onrecord check ${issue}” says why). They were frozen on ${then}; ${frozen}.`
  }
}

/** A server on this machine may be meant as a trial, and is none. */
export function localServerLine(label: string, issue: string): string {
  return `${label} is on this machine; this counts as the real delivery of ${issue}. For a trial leave SMTP_URL empty: the outbox.`
}
