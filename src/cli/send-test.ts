import { OnrecordError } from '../core/errors.ts'
import { tiers } from '../core/tier.ts'
import { parseAddress } from '../subscribers/address.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { issueAsItIs } from './ready-issue.ts'
import { testMessage } from './test-message.ts'

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
  const { to, messageId, transport, outcome } = await testMessage(
    await context.app(),
    await issueAsItIs(context.config(), id),
    parsed.value,
    tier,
  )
  if (outcome.state !== 'accepted')
    throw new OnrecordError('io', `The test message was not accepted (${outcome.state}): ${outcome.reply}`)
  if (context.options.json)
    context.print(
      JSON.stringify([{ issue: id, test: to, tier, transport: transport.label, messageId }], null, 2),
    )
  else context.print(`A test of ${id} (${tier}) went to ${to} through ${transport.label}.`)
  return exit.done
}
