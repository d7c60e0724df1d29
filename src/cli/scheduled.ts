import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Publication } from '../core/publication.ts'
import { isSentBackSince } from '../delivery/approval.ts'
import { isFrozenIn } from '../delivery/frozen-change.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import type { RoundKind } from '../delivery/round.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import { describeTime, describeWait, readTime } from '../delivery/schedule-time.ts'
import { dueTime } from '../issue/cadence.ts'
import { openFiles } from '../issue/files.ts'
import { readWrittenHead } from '../issue/written-head.ts'
import { refuseUnknownIssue } from './known-issue.ts'
import { readyIssue } from './ready-issue.ts'

/** Further ahead it is more likely a slip of the pen. */
const FURTHEST_MS = 366 * 24 * 3_600_000

/**
 * The time that somebody gave for a send.
 * @throws OnrecordError `usage` for what is no time of the publication's zone, has passed, or is over a year ahead
 */
export function sendTime(text: string, { timeZone }: Pick<Publication, 'timeZone'>, now: number): number {
  const read = readTime(text, { timeZone, now })
  if (!read.ok) throw new OnrecordError('usage', read.reason, { hint: read.hint })
  return ahead(read.at, timeZone, now)
}

/**
 * When an issue is due by its newsletter's cadence: the first time of it from the issue's day on.
 * @throws OnrecordError `usage` where it has no cadence, its file names no day, or the time has passed
 */
export async function cadenceTime(
  { root, publication }: Pick<Config, 'root' | 'publication'>,
  issue: string,
  now: number,
): Promise<number> {
  const { timeZone, newsletters } = publication
  refuseUnknownIssue(root, issue)
  const { newsletter = '', date = '' } = (await readWrittenHead(await openFiles(root), issue)) ?? {}
  const cadence = newsletters[newsletter]?.cadence
  if (cadence === undefined || Number.isNaN(Date.parse(date)))
    throw new OnrecordError(
      'usage',
      cadence === undefined
        ? `The newsletter of ${issue} has no cadence.`
        : `The file of ${issue} names no day.`,
      { hint: 'give the time: “--at "2026-11-24 07:30"”; docs/configuration.md describes cadence' },
    )
  return ahead(dueTime(cadence, timeZone, date), timeZone, now)
}

function ahead(at: number, timeZone: string, now: number): number {
  if (at <= now)
    throw new OnrecordError('usage', `${describeTime(at, timeZone)} has passed.`, {
      hint: `now it is ${describeTime(now, timeZone)}`,
    })
  if (at - now > FURTHEST_MS)
    throw new OnrecordError('usage', `${describeTime(at, timeZone)} is over a year from now.`, {
      hint: 'check the year',
    })
  return at
}

/** What waits of an issue: its real send, else its rehearsal. */
export async function scheduledOf(app: Pick<App, 'schedule'>, issue: string): Promise<Scheduled | null> {
  return (await app.schedule.get(issue, 'real')) ?? app.schedule.get(issue, 'rehearsal')
}

/** When it is to start, in full. */
export function timeOf({ at }: Pick<Scheduled, 'at'>, { timeZone }: Pick<Publication, 'timeZone'>): string {
  return describeTime(at, timeZone)
}

/** What is to be known of a send that waits, a sentence a line. */
export async function scheduledLines(app: App, scheduled: Scheduled, now: number): Promise<string[]> {
  const { at, held, kind, issue } = scheduled
  const change = await changeSince(app, scheduled)
  const frozen = `Its text was frozen on ${describeTime(scheduled.frozenAt, app.config.publication.timeZone)}; whoever is subscribed when it starts gets it.`
  const isSentBack = isSentBackSince(await app.approvals.steps(issue), scheduled.frozenAt)
  const first =
    held === null
      ? `It starts ${describeWait(at, now).replace(/ late$/, ' ago, as soon as a worker sees it')}.`
      : `It did not start: ${held}.`
  const nobody = held === null && (await app.hasWorker(kind)) === false ? [nobodyStarts(kind)] : []
  const next =
    held === null
      ? []
      : [
          `“onrecord send ${issue}” sends it as it is now, “send ${issue} --at” at another time; “send ${issue} --cancel” takes it back.`,
        ]
  return [first, ...nobody, isSentBack ? sentBack : (change ?? frozen), ...next]
}

/** Somebody took the approval back. */
export const sentBack =
  'It was sent back after it was scheduled: it does not start unless it is approved again.'

/** How the files stand to what was frozen, where they differ: a sentence. Takes a build. */
export async function changeSince(app: App, scheduled: Scheduled): Promise<string | null> {
  const ready = await readyIssue(app, scheduled.issue).catch((error: unknown) => {
    if (error instanceof OnrecordError) return null
    throw error
  })
  return changeTo(scheduled, ready, app.config.publication)
}

/** The same of an issue that was built; null: it could not go out as it is. */
export function changeTo(
  scheduled: Scheduled,
  ready: ReadyIssue | null,
  { timeZone }: Pick<Publication, 'timeZone'>,
): string | null {
  if (ready !== null && isFrozenIn(scheduled, ready)) return null
  const { issue, frozenAt } = scheduled
  const when = describeTime(frozenAt, timeZone)
  return ready === null
    ? `Scheduled as approved on ${when}, and that goes out; the files could not go out as they are now (“onrecord check ${issue}” says why).`
    : `Scheduled as approved on ${when}; the files have changed since, and what was approved then goes out: “onrecord send ${issue} --at <time>” takes the new text.`
}

/** Nobody is there who would begin it. */
export function nobodyStarts(kind: RoundKind): string {
  return kind === 'real'
    ? 'No worker is running that would start it: leave “onrecord serve” or “onrecord worker” running.'
    : 'No worker is running that would start it: leave the studio or “onrecord worker --rehearse” running.'
}
