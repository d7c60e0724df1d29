import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../app.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import { describeTime } from '../delivery/schedule-time.ts'

export interface NextDraftsOptions {
  readonly signal: AbortSignal
  /** One line of what it does. */
  readonly log: (line: string) => void
  readonly clock?: Clock
  /** How often it looks, in milliseconds; default a minute. */
  readonly every?: number
}

/**
 * Opens the draft of the next issue of each newsletter with a `cadence` once its last one has gone out, until the signal.
 * Nothing where no newsletter has one; where the briefs are not, which it says: they are where editors work.
 */
export async function keepNextDrafts(
  app: Pick<App, 'config' | 'editions'>,
  { signal, log, clock = systemClock, every = 60_000 }: NextDraftsOptions,
): Promise<void> {
  const { root, publication } = app.config
  if (Object.values(publication.newsletters).every(({ cadence }) => cadence === undefined)) return
  if (!existsSync(join(root, 'briefs'))) {
    log('there is no briefs/ here: next drafts are opened where the editors work')
    return
  }
  let told = ''
  while (!signal.aborted) {
    try {
      for (const line of await openNextDrafts(app, clock.now())) log(line)
      told = ''
    } catch (error) {
      // The disk or the store: what mends by itself is tried again.
      const trouble = `the next draft could not be opened: ${messageOf(error)}`
      if (trouble !== told) log(trouble)
      told = trouble
    }
    await sleep(every, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

/** A line for each draft that was opened. */
async function openNextDrafts(
  { config, editions }: Pick<App, 'config' | 'editions'>,
  now: number,
): Promise<readonly string[]> {
  const { newsletters, timeZone } = config.publication
  const { openNextDraft } = await import('../issue/next-draft.ts')
  const goneOut = await editions.listPublished()
  const lines: string[] = []
  for (const newsletter of Object.keys(newsletters)) {
    const made = await openNextDraft(config, newsletter, goneOut, now)
    if (made !== null)
      lines.push(`${made.issue}: opened as the next draft, for ${describeTime(made.at, timeZone)}`)
  }
  return lines
}
