import { createHash } from 'node:crypto'
import { OnrecordError } from '../core/errors.ts'
import { tiers } from '../core/tier.ts'
import { messageIdHost } from '../delivery/message-id.ts'
import { refuseImpossible } from '../delivery/refusals.ts'
import { openComposer } from '../email/composer.ts'
import { parseAddress } from '../subscribers/address.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { issueAsItIs } from './ready-issue.ts'

/** `send --test`: one message with `[Test]` in its subject and harmless links; no row is written. */
export async function sendTest(
  context: Context,
  id: string,
  address: string,
  tierName: string | null,
): Promise<ExitCode> {
  const parsed = parseAddress(address)
  if (!parsed.ok) throw new OnrecordError('usage', `The address ${parsed.reason}.`)
  const tier = tiers.find((each) => each === tierName) ?? 'subscriber'
  const ready = await issueAsItIs(context.config(), id)
  const edition = ready.editions[tier]
  const { from, baseUrl } = edition.envelope
  const app = await context.app()
  const transport = await app.openTransport()
  try {
    // The address is one the sender typed: only our own side is looked at.
    const audience = { subscriber: 0, member: 0, reserved: 0 }
    refuseImpossible({ transport, baseUrl, from: from.address, audience })
    const date = Date.now()
    const unique = createHash('sha256').update(`${edition.hash}\0${parsed.value.key}\0${date}`).digest('hex')
    const messageId = `<test-${unique.slice(0, 32)}@${messageIdHost(from.address)}>`
    const to = parsed.value.address
    const recipient = {
      address: to,
      name: null,
      messageId,
      date,
      unsubscribeUrl: null,
      subjectPrefix: '[Test] ',
    }
    const raw = await openComposer(edition, app.signer).compose(recipient)
    const outcome = await transport.send({ from: from.address, to, messageId, raw })
    if (outcome.state !== 'accepted')
      throw new OnrecordError('io', `The test message was not accepted (${outcome.state}): ${outcome.reply}`)
    if (context.options.json)
      context.print(
        JSON.stringify([{ issue: id, test: to, tier, transport: transport.label, messageId }], null, 2),
      )
    else context.print(`A test of ${id} (${tier}) went to ${to} through ${transport.label}.`)
    return exit.done
  } finally {
    await transport.close()
  }
}
