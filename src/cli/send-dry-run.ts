import type { App } from '../app.ts'
import { isFrozenIn } from '../delivery/frozen-change.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { refuseImpossible } from '../delivery/refusals.ts'
import type { Round } from '../delivery/round.ts'
import { readStatus, type RoundStatus } from '../delivery/status.ts'
import { refuseTakenOut } from '../delivery/taken-out.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readyIssue } from './ready-issue.ts'
import { moment, number, people } from './round-text.ts'
import { whileCounting } from './while-counting.ts'

/** `send --dry-run`: what would go out, to how many and through what; nothing is written or sent. */
export async function dryRun(context: Context, id: string): Promise<ExitCode> {
  const config = context.config()
  const app = await context.app()
  const ready = await readyIssue(app, id)
  const audience = await whileCounting(context, app.deliveries.audience(ready.newsletter))
  const round = await app.deliveries.round(id, config.smtp === null ? 'rehearsal' : 'real')
  if (round !== null) await refuseTakenOut(app.deliveries, id, round.kind)
  const transport = await app.openTransport()
  await transport.close()
  const { from, baseUrl } = ready.editions.subscriber.envelope
  refuseImpossible({ transport, baseUrl, from: from.address, audience })
  // Whoever has a delivery in a round that is over gets none again.
  const again = round?.state === 'done' && (round.kind === 'real' || isFrozenIn(round, ready)) ? round : null
  const to = again === null ? audience : await whileCounting(context, app.schedule.audience(again))
  const tiers = (['subscriber', 'member'] as const).map((tier) => ({
    tier,
    people: to[tier],
    subject: ready.editions[tier].subject,
    bytes: ready.editions[tier].bytes,
  }))
  if (context.options.json) {
    const before = round === null ? null : round.state
    context.print(
      JSON.stringify(
        [{ issue: id, dryRun: true, transport: transport.label, round: before, tiers }],
        null,
        2,
      ),
    )
    return exit.done
  }
  if (again !== null && to.subscriber + to.member === 0) {
    context.print(nobodyIsNew(await reached(app, again)))
    return exit.done
  }
  const those = again === null ? '' : ' who are new'
  context.print(`${id} would go to ${people(to.subscriber + to.member)}${those} through ${transport.label}:`)
  for (const each of tiers) {
    const size = (each.bytes.message / 1024).toFixed(0)
    context.print(
      `  ${number(each.people).padStart(7)} ${each.tier.padEnd(10)} “${each.subject}”, ${size} KB each`,
    )
  }
  if (round !== null) context.print(await already(app, round, ready))
  context.print('Nothing was sent.')
  return exit.done
}

type Reached = Pick<RoundStatus, 'issue' | 'total' | 'accepted'>

/** How many a round was for that is over, and how many have it: with whom those before had reached, which were stopped. */
async function reached(app: App, round: Round): Promise<Reached> {
  const status = await readStatus(app.deliveries, round)
  if (round.kind === 'rehearsal') return status
  let { total, accepted } = status
  for (const each of await app.deliveries.rounds(round.issue)) {
    if (each.kind !== 'real' || each.id === round.id) continue
    const before = await readStatus(app.deliveries, each)
    total += before.accepted + before.unknown
    accepted += before.accepted
  }
  return { issue: round.issue, total, accepted }
}

/** A round that is over, and nobody has subscribed since. */
function nobodyIsNew({ issue, total, accepted }: Reached): string {
  const nothing = 'nothing would be sent.'
  if (total === 0) return `${issue} went out, and nobody was subscribed by then; ${nothing}`
  if (accepted === total)
    return `${total === 1 ? 'The one person' : `All ${people(total)}`} whom ${issue} is for ${total === 1 ? 'has' : 'have'} it; ${nothing}`
  return `${issue} was sent to all ${people(total)}, and ${number(accepted)} of them have it; ${nothing}\n“onrecord status ${issue}” says what became of the others.`
}

/** What a round that is there means for this version. */
async function already(app: App, round: Round, ready: ReadyIssue): Promise<string> {
  const goneOut = await app.deliveries.hasGoneOut(round.id)
  if (round.state === 'cancelled' && round.kind === 'real')
    return goneOut
      ? 'A round of it was cancelled after something had gone out: it is not sent again.'
      : 'A round of it was cancelled before anything went out: this would be the next.'
  if (isFrozenIn(round, ready))
    return `A round of it is ${round.state} already: whoever has it is not mailed again.`
  if (round.kind === 'rehearsal' && round.state === 'done')
    return 'It has changed since the last rehearsal: everybody would get the new version.'
  if (!goneOut)
    return `A round of it is ${round.state} with another version, of which nothing has gone out: this one would.`
  return `A round of it is ${round.state} with another version, frozen on ${moment(round.startedAt, app.config.publication.timeZone)}: that one goes out.`
}
