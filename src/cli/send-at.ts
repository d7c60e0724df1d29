import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { kindOf } from '../delivery/open-round.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import { scheduleIssue } from '../delivery/schedule-issue.ts'
import { statusOfScheduled } from '../delivery/schedule.ts'
import { describeTime, describeWait } from '../delivery/schedule-time.ts'
import { confirmAfterRestore } from './after-restore.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readyIssue } from './ready-issue.ts'
import { people } from './round-text.ts'
import { cadenceTime, nobodyStarts, sendTime } from './scheduled.ts'
import { whileCounting } from './while-counting.ts'

export interface SendAtOptions {
  readonly issue: string
  /** As it was typed; `cadence`: when it is due. */
  readonly at: string
  readonly yes: boolean
  readonly corrected: boolean
  readonly afterRestore: boolean
}

/** `send <issue> --at <time>`: its text is frozen now, and a worker starts it then. */
export async function sendAt(context: Context, options: SendAtOptions): Promise<ExitCode> {
  const { issue, corrected } = options
  const config = context.config()
  const { timeZone } = config.publication
  const now = Date.now()
  const at =
    options.at === 'cadence'
      ? await cadenceTime(config, issue, now)
      : sendTime(options.at, config.publication, now)
  const app = await context.app()
  const transport = await app.openTransport()
  await transport.close()
  const kind = kindOf({ transport })
  if (options.afterRestore && kind === 'real') await confirmAfterRestore(context, app, options)
  // Who is new to an issue that was sent gets what was frozen then, whatever its files are like now.
  const sent = (await app.deliveries.round(issue, kind))?.state === 'done'
  const ready = readyIssue(app, issue)
  const subject = await ready.then(
    ({ editions }) => `“${editions.subscriber.subject}”`,
    (error: unknown) => {
      if (sent) return issue
      throw error
    },
  )
  const when = `${describeTime(at, timeZone)}, ${describeWait(at, now)}`
  if (kind === 'real' && !options.yes && !(await context.confirm(`Send ${subject} on ${when}?`)))
    throw new OnrecordError('refused', `Nothing was scheduled for ${when}.`, {
      hint: 'answer “y” on a terminal, or give --yes',
    })
  const before = await app.schedule.get(issue, kind)
  const scheduled = await scheduleIssue(app, issue, { transport, ready: () => ready, corrected, at })
  if (context.options.json) context.print(JSON.stringify([statusOfScheduled(scheduled, timeZone)], null, 2))
  else {
    const lines = describe(app, scheduled, before, subject, timeZone)
    for (const line of await whileCounting(context, lines)) context.print(line)
  }
  if ((await app.hasWorker(kind)) === false) context.note(nobodyStarts(kind))
  return exit.done
}

async function describe(
  app: App,
  { issue, at, kind, newsletter, transport }: Scheduled,
  before: Scheduled | null,
  subject: string,
  timeZone: string,
): Promise<string[]> {
  const { subscriber, member } = await app.deliveries.audience(newsletter)
  const where = kind === 'rehearsal' ? `${transport} (a rehearsal: nobody is mailed)` : transport
  const moved = before === null ? '' : ` (before: ${describeTime(before.at, timeZone)})`
  return [
    `${subject} goes out on ${describeTime(at, timeZone)}, ${describeWait(at, Date.now())}${moved}, through ${where}.`,
    `Its text is frozen as it is now; whoever is subscribed then gets it, today ${people(subscriber + member)}.`,
    `“onrecord send ${issue} --cancel” takes it back; “--at” again moves it, with the text as it is then.`,
  ]
}
