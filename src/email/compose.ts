import { openComposer } from './composer.ts'
import type { Edition, Recipient } from './edition.ts'
import type { Signer } from './signer.ts'

/**
 * One message alone, as `openComposer` makes it for many.
 * @throws OnrecordError `refused` when a value could break out of its place
 */
export async function composeMessage(
  edition: Edition,
  recipient: Recipient,
  signer: Signer | null = null,
): Promise<Buffer> {
  return openComposer(edition, signer).compose(recipient)
}
