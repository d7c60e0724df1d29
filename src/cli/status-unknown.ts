import type { App } from '../app.ts'
import type { UnknownDelivery } from '../delivery/store.ts'
import type { Round } from '../delivery/round.ts'
import { takenOut, takenOutText } from '../delivery/taken-out.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { moment, people } from './round-text.ts'
import { alignRows } from './table.ts'

/** `status --unknown`: whose end is not known, by address, since when and why. */
export async function listUnknown(context: Context, app: App, rounds: readonly Round[]): Promise<ExitCode> {
  const lists = []
  for (const issue of new Set(rounds.map((round) => round.issue))) {
    const unknown = []
    let isOpen = false
    for (const round of rounds.filter((each) => each.issue === issue)) {
      const found = await app.deliveries.unknowns(round.id)
      isOpen ||= found.length > 0 && round.state !== 'cancelled'
      unknown.push(...found)
    }
    lists.push({ issue, isOpen, unknown })
  }
  if (context.options.json) {
    const dated = lists.map(({ issue, unknown }) => ({
      issue,
      unknown: unknown.map((each) => ({ ...each, since: new Date(each.since).toISOString() })),
    }))
    context.print(JSON.stringify(dated, null, 2))
    return exit.done
  }
  const gone = (await takenOut(app.deliveries, rounds)).map(({ issue }) => issue)
  for (const { issue, isOpen, unknown } of lists) {
    if (gone.includes(issue)) context.print(takenOutText(issue))
    else if (unknown.length === 0) context.print(`${issue}: nobody is unknown.`)
    if (unknown.length === 0) continue
    context.print(
      `${issue}: whether ${people(unknown.length)} got it is not known. They are not mailed again${isOpen ? ` unless you say so: “onrecord send ${issue} --resolve-unknown resend”` : ''}.`,
    )
    for (const line of alignRows(unknownRows(unknown))) context.print(line)
  }
  return exit.done
}

/** Who, since when, the Message-ID to look for in the server’s log, and what was said. */
export function unknownRows(unknown: readonly UnknownDelivery[]): string[][] {
  return unknown.map((each) => [
    `  ${each.address ?? '(erased)'}`,
    moment(each.since),
    each.messageId ?? '',
    each.reply,
  ])
}
