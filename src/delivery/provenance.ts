import type { Tokens } from '../core/token.ts'
import { openComposer } from '../email/composer.ts'
import type { Signer } from '../email/signer.ts'
import type { EditionStore } from './editions.ts'
import { messageId, messageIdHost } from './message-id.ts'
import { readerLinks } from './reader-links.ts'
import type { DeliveryRecord } from './report.ts'

/** A message made again from what was kept. */
export interface Recreated {
  readonly raw: Buffer
  /** In what it differs from the message that was sent, in plain words; none: byte for byte the same. */
  readonly differs: readonly string[]
}

/** Why there is no message to show. */
export interface NotRecreated {
  readonly reason: string
}

/** What messages are made with. */
export interface Making {
  readonly editions: EditionStore
  readonly tokens: Tokens
  /** The keys that are set now; null: none. */
  readonly signer: Signer | null
}

/**
 * Makes the message of a delivery again: from the frozen edition, and from what its row kept of the
 * person, the date and the keys. Nothing of how things are now goes into it.
 */
export async function recreateMessage(
  { editions, tokens, signer }: Making,
  record: DeliveryRecord,
): Promise<Recreated | NotRecreated> {
  const { round, address, name, publicId, firstAttemptAt, keyId, editionHash } = record
  if (firstAttemptAt === null || record.messageId === null)
    return { reason: 'no message of it was ever made' }
  if (address === null) return { reason: 'the person was erased, and what made the message with them' }
  const edition = editionHash === null ? null : await editions.get(editionHash)
  if (edition === null) return { reason: `the edition ${editionHash ?? ''} is not in the store` }

  const differs: string[] = []
  const ours = messageId(tokens, round, publicId, messageIdHost(edition.envelope.from.address))
  if (ours !== record.messageId)
    differs.push(
      'SECRET_KEY is another than then: the unsubscribe link is not the one that was sent, and a signature would not fit',
    )
  const signs = keyId !== null && signer?.keyId === keyId && differs.length === 0
  if (keyId !== null && signer?.keyId !== keyId)
    differs.push(`it was signed with ${keyId}, which is not the key that is set now: no DKIM-Signature`)
  const raw = await openComposer(edition, signs ? signer : null).compose({
    address,
    name,
    messageId: record.messageId,
    date: firstAttemptAt,
    format: record.format,
    ...readerLinks(tokens, edition, publicId),
    subjectPrefix: '',
  })
  return { raw, differs }
}
