import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../app.ts'
import { readUsedUp, type UsedUp } from '../delivery/limits.ts'
import { createRateMeter } from '../delivery/rate.ts'
import { countDomains, type DomainCount } from '../delivery/report.ts'
import type { Round } from '../delivery/round.ts'
import { readStatus, type RoundStatus } from '../delivery/status.ts'
import { groupTroubles } from '../delivery/trouble-groups.ts'
import type { Context } from './context.ts'
import { TROUBLES } from './domain-table.ts'
import { limitsOf } from './limits-of.ts'
import { progressText } from './round-text.ts'
import { watchBlock } from './watch-block.ts'

/** Redrawn so often on a terminal, and printed so often elsewhere, in milliseconds. */
const DRAW_MS = 500
const PRINT_MS = 5_000

/** When nothing has changed for so long, it is asked whether a limit is used up. */
const STANDS_MS = 2_000

/** What counting the domains of a long list may take of one core while others send. */
const SHARE = 0.1

/**
 * Shows a round while it is sent, on stderr, until it is not any more or somebody presses Ctrl-C,
 * which ends nothing else. Looks at most a tenth of the time, so that it is in no sender's way.
 */
export async function watch(context: Context, app: App, watched: Round): Promise<void> {
  const meter = createRateMeter()
  const idleFor = idleMeter()
  const domains = watchDomains(context, app, watched.id)
  try {
    while (!context.interrupted.aborted) {
      const begun = performance.now()
      const round = (await app.deliveries.round(watched.issue, watched.kind)) ?? watched
      const counted = await readStatus(app.deliveries, round)
      const status = { ...counted, rate: meter.note(Date.now(), counted.accepted) }
      const idle = idleFor(counted)
      const sender = await isSending(app)
      const usedUp =
        idle > STANDS_MS && sender !== false && round.kind === 'real' ? await readLimit(context, app) : null
      if (context.terminal) {
        const troubles = groupTroubles(await app.reports.troubles(round.id, TROUBLES))
        const nextDue = await app.deliveries.nextDue(round.id)
        const view = {
          status,
          domains: domains.counts,
          troubles,
          nextDue,
          sender,
          idle,
          usedUp,
        }
        const { columns = 80, rows = 24 } = process.stderr
        context.drawProgress(watchBlock(view, columns, rows).join('\n'))
      } else context.note(`${round.issue}: ${progressText(status, null, usedUp)}`)
      if (round.state !== 'sending' && round.state !== 'freezing') break
      const took = performance.now() - begun
      const rest = Math.max(context.terminal ? DRAW_MS : PRINT_MS, took * 9)
      await sleep(rest, undefined, { signal: context.interrupted }).catch(() => undefined)
    }
  } finally {
    domains.stop()
    context.drawProgress('')
  }
}

/** Which limit it may be that nothing moves for. */
function readLimit(context: Context, app: App): Promise<UsedUp | null> {
  return readUsedUp(app.deliveries, limitsOf(context.config()), Date.now())
}

/** Counts the domains over and over, slowly; `counts` is the last result. */
function watchDomains(
  { terminal, interrupted }: Context,
  { reports }: App,
  round: number,
): { counts: readonly DomainCount[] | null; stop(): void } {
  const stopped = new AbortController()
  const signal = AbortSignal.any([interrupted, stopped.signal])
  const watched = { counts: null as readonly DomainCount[] | null, stop: () => stopped.abort() }
  const count = async (): Promise<void> => {
    while (!signal.aborted) {
      // The first time somebody is waiting for it.
      const share = watched.counts === null ? SHARE * 5 : SHARE
      watched.counts = (await countDomains(reports, round, { share, interrupted: signal })) ?? watched.counts
      await sleep(1_000, undefined, { signal }).catch(() => undefined)
    }
  }
  // Without the table the rest is worth watching too.
  if (terminal) count().catch(() => undefined)
  return watched
}

/** How long the counts have been the same, in milliseconds. */
function idleMeter(): (status: RoundStatus) => number {
  let seen = ''
  let since = performance.now()
  return (status) => {
    const now = JSON.stringify({ ...status, rate: 0 })
    if (now !== seen) since = performance.now()
    seen = now
    return performance.now() - since
  }
}

/** Whether another process is sending; null where that cannot be told: on a full disk, or another’s files. */
export async function isSending(app: App): Promise<boolean | null> {
  try {
    if (app.leases !== null) return await app.leases.anySending()
    const lock = await app.lockSender()
    await lock?.release()
    return lock === null
  } catch {
    return null
  }
}
