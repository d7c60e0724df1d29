import { join, relative } from 'node:path'
import type { App } from '../app.ts'
import { systemClock } from '../core/clock.ts'
import { received } from '../delivery/history.ts'
import { forgetInOutbox } from '../outbox/forget.ts'
import type { StudioStores } from '../studio/deps.ts'
import { openImportDesk } from '../subscribers/import-session.ts'
import { startIssueThread } from './issue-thread.ts'
import { openApprovalDesk } from './studio-approvals.ts'
import { createStudioSending, type StudioSendingOptions } from './studio-sending.ts'
import { openStandings } from './studio-standings.ts'

/** `close` ends the process that sends, and gives uploads back. */
export interface OpenStudioStores extends StudioStores {
  close(): Promise<void>
}

/** What the studio is given of an app, which stays open. @param worker how the process that sends is started */
export function openStudioStores(app: App, worker: StudioSendingOptions = {}): OpenStudioStores {
  const { config, tokens, subscribers, deliveries, reports, editions, history, signer } = app
  const { publication, dataDir, sessionDays } = config
  const clearOutside = (isTheirs: (address: string) => boolean): Promise<number> =>
    forgetInOutbox(join(dataDir, 'outbox'), isTheirs)
  const thread = worker.thread ?? startIssueThread(config)
  const sending = createStudioSending(app, { ...worker, thread })
  const imports = openImportDesk({
    store: subscribers,
    dir: join(dataDir, 'uploads'),
    newsletters: Object.keys(publication.newsletters),
    clock: systemClock,
  })
  return {
    ...{ subscribers, deliveries, reports, editions, sending, history, imports },
    approvals: openApprovalDesk(app, thread),
    readers: app.readers({ sessionDays, clearOutside }),
    standings: openStandings(app, thread),
    keptCopies: () => app.keptCopies().map((file) => relative(config.root, file)),
    received: (delivery) => received({ editions, tokens, signer }, history, delivery),
    async close() {
      await imports.close()
      await sending.close()
      if (worker.thread === undefined) await thread.close()
    },
  }
}
