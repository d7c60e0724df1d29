import type { Tier } from '../core/tier.ts'
import { openComposer, type Composer } from '../email/composer.ts'
import type { Edition } from '../email/edition.ts'
import type { MadeMessage, MakeMessage } from './lane.ts'
import { messageId, messageIdHost } from './message-id.ts'
import type { SendingDesk } from './publish.ts'
import { readerLinks } from './reader-links.ts'
import { returnPath } from './return-path.ts'
import type { Round } from './round.ts'

/** Makes the messages of one round. */
export interface MessageMaker {
  readonly make: MakeMessage
  /** Octets that any of them fits in. */
  readonly room: number
}

interface OpenEdition {
  readonly composer: Composer
  /** The sender's address. */
  readonly from: string
  readonly idHost: string
  readonly edition: Edition
}

/** From what the round has frozen: its editions, opened once, and what each row kept. */
export async function openMessageMaker(
  { editions: store, tokens, signer, bounceDomain = null }: SendingDesk,
  round: Round,
): Promise<MessageMaker> {
  const editions = new Map<Tier, OpenEdition>()
  for (const tier of ['subscriber', 'member'] as const) {
    const edition = await store.get(round.editions[tier] ?? '')
    if (edition !== null) editions.set(tier, open(edition))
  }

  function open(edition: Edition): OpenEdition {
    const { from } = edition.envelope
    return {
      composer: openComposer(edition, signer),
      from: from.address,
      idHost: messageIdHost(from.address),
      edition,
    }
  }

  const keyId = signer?.keyId ?? null
  return {
    room: Math.max(0, ...[...editions.values()].map(({ composer }) => composer.room)),
    make({ id, publicId, address, name, tier, format }, date, into) {
      const open = editions.get(tier)
      if (open === undefined) throw new Error(`the ${tier} edition is missing`)
      const ours = messageId(tokens, round, publicId, open.idHost)
      const links = readerLinks(tokens, open.edition, publicId)
      const from = returnPath(tokens, { round: round.id, id }, bounceDomain, open.from)
      const made = (raw: Buffer): MadeMessage => ({ from, to: address, messageId: ours, raw, keyId })
      const recipient = { address, name, messageId: ours, date, format, ...links, subjectPrefix: '' }
      const raw = open.composer.compose(recipient, into)
      return raw instanceof Promise ? raw.then(made) : made(raw)
    },
  }
}
