import { openComposer } from './composer.ts'
import type { Edition, Recipient } from './edition.ts'

/**
 * One message alone, unsigned, as `openComposer` makes it for many.
 * @throws OnrecordError `refused` when a value could break out of its place
 */
export async function composeMessage(edition: Edition, recipient: Recipient): Promise<Buffer> {
  return openComposer(edition, null).compose(recipient)
}
