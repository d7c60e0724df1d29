import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../src/core/clock.ts'
import { createTokens } from '../../src/core/token.ts'
import type { ReadyIssue } from '../../src/delivery/publish.ts'
import type { ApprovalStore } from '../../src/delivery/approval.ts'
import type { ScheduleDesk } from '../../src/delivery/schedule-issue.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import { openSmtpClient } from '../../src/smtp/client.ts'
import { openApprovals } from '../../src/store/approvals.ts'
import { openDeliveries } from '../../src/store/deliveries.ts'
import { openEditions } from '../../src/store/editions.ts'
import { openSchedule } from '../../src/store/schedule.ts'
import { lockSender } from '../../src/store/sender-lock.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSubscriberStore } from '../../src/store/subscribers.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { sampleEdition } from '../email/sample-edition.ts'

export interface TestDesk extends ScheduleDesk {
  readonly approvals: ApprovalStore
  readonly folder: string
  readonly subscribers: SubscriberStore
  close(): void
}

/** Everything that sending needs, on a database in `folder` (a new one of its own when none is given). */
export function openDesk(folder?: string, clock: Clock = systemClock): TestDesk {
  const place = folder ?? mkdtempSync(join(tmpdir(), 'onrecord-desk-'))
  const database = openDatabase(join(place, 'onrecord.db'), clock)
  const tokens = createTokens('a secret of more than thirty-two characters')
  return {
    folder: place,
    tokens,
    subscribers: openSubscriberStore(database, tokens),
    deliveries: openDeliveries(database),
    editions: openEditions(database),
    schedule: openSchedule(database),
    approvals: openApprovals(database),
    imagesDir: join(place, 'images'),
    signer: null,
    lockSender: async () => lockSender(join(place, 'sender.lock')),
    close() {
      database.close()
      if (folder === undefined) rmSync(place, { recursive: true, force: true })
    },
  }
}

/** An approved issue without any rendering; `version` stands for an editor's change. */
export function readyIssue(id = '2025-w46', version = 'one'): ReadyIssue {
  const of = (tier: 'public' | 'subscriber' | 'member') =>
    sampleEdition({ issue: id, tier, subject: `${id} ${version}`, hash: `${id}-${tier}-${version}` })
  return {
    id,
    newsletter: 'weekly',
    editions: { public: of('public'), subscriber: of('subscriber'), member: of('member') },
    images: [{ name: `${'0'.repeat(32)}.png`, bytes: new Uint8Array([1, 2, 3]) }],
  }
}

export function transportTo(
  port: number,
  change: Partial<Parameters<typeof openSmtpClient>[0]> = {},
): Transport {
  return openSmtpClient({
    kind: 'smtp',
    label: 'smtp://sink',
    host: '127.0.0.1',
    port,
    secure: false,
    tls: 'off',
    auth: null,
    connections: 3,
    timeouts: { connect: 1_000, greeting: 1_000, reply: 2_000 },
    ...change,
  })
}
