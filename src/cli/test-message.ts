import { createHash } from 'node:crypto'
import type { App } from '../app.ts'
import type { Tier } from '../core/tier.ts'
import { messageIdHost } from '../delivery/message-id.ts'
import { refuseImpossible } from '../delivery/refusals.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import type { Outcome, Transport } from '../delivery/transport.ts'
import { openComposer } from '../email/composer.ts'
import type { Address } from '../subscribers/address.ts'

/** What became of one test message. */
export interface TestMessage {
  readonly to: string
  readonly messageId: string
  readonly transport: Pick<Transport, 'kind' | 'label' | 'local'>
  readonly outcome: Outcome
}

/**
 * Sends one message of an issue, a draft too, with `[Test]` in its subject and harmless links; no row is written.
 * @throws OnrecordError `refused` for what a real send must not do
 */
export async function testMessage(
  app: Pick<App, 'openTransport' | 'signer'>,
  ready: ReadyIssue,
  to: Address,
  tier: Tier,
): Promise<TestMessage> {
  const edition = ready.editions[tier]
  const { from, baseUrl } = edition.envelope
  const transport = await app.openTransport()
  try {
    // The address is one that somebody typed: only our own side is looked at.
    const audience = { subscriber: 0, member: 0, reserved: 0 }
    refuseImpossible({ transport, baseUrl, from: from.address, audience })
    const date = Date.now()
    const unique = createHash('sha256').update(`${edition.hash}\0${to.key}\0${date}`).digest('hex')
    const messageId = `<test-${unique.slice(0, 32)}@${messageIdHost(from.address)}>`
    const recipient = {
      address: to.address,
      name: null,
      messageId,
      date,
      unsubscribeUrl: null,
      subjectPrefix: '[Test] ',
    }
    const raw = await openComposer(edition, app.signer).compose(recipient)
    const outcome = await transport.send({ from: from.address, to: to.address, messageId, raw })
    return { to: to.address, messageId, transport, outcome }
  } finally {
    await transport.close()
  }
}
