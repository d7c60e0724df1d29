import type { App } from '../app.ts'
import type { StudioStores } from '../studio/deps.ts'
import { openApprovalDesk } from './studio-approvals.ts'
import { createStudioSending } from './studio-sending.ts'

/** `close` ends the process that sends. */
export interface OpenStudioStores extends StudioStores {
  close(): Promise<void>
}

/** What the studio is given of an app, which stays open. */
export function openStudioStores(app: App): OpenStudioStores {
  const { subscribers, deliveries, reports, editions } = app
  const sending = createStudioSending(app)
  const approvals = openApprovalDesk(app)
  return { subscribers, deliveries, reports, editions, approvals, sending, close: () => sending.close() }
}
