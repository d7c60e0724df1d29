import type { Tier } from '../core/tier.ts'
import { openComposer, type Composer } from '../email/composer.ts'
import type { Edition } from '../email/edition.ts'
import { unsubscribeToken } from '../subscribers/unsubscribe-token.ts'
import type { MadeMessage, MakeMessage } from './lane.ts'
import { messageId, messageIdHost } from './message-id.ts'
import type { SendingDesk } from './publish.ts'
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
  readonly unsubscribeBase: string
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
    const { from, baseUrl } = edition.envelope
    return {
      composer: openComposer(edition, signer),
      from: from.address,
      idHost: messageIdHost(from.address),
      unsubscribeBase: `${baseUrl}/u/`,
    }
  }

  const keyId = signer?.keyId ?? null
  return {
    room: Math.max(0, ...[...editions.values()].map(({ composer }) => composer.room)),
    make({ id, publicId, address, name, tier }, date, into) {
      const edition = editions.get(tier)
      if (edition === undefined) throw new Error(`the ${tier} edition is missing`)
      const ours = messageId(tokens, round, publicId, edition.idHost)
      const token = unsubscribeToken(tokens, { publicId, newsletter: round.newsletter })
      const unsubscribeUrl = edition.unsubscribeBase + token
      const from = returnPath(tokens, { round: round.id, id }, bounceDomain, edition.from)
      const made = (raw: Buffer): MadeMessage => ({ from, to: address, messageId: ours, raw, keyId })
      const recipient = { address, name, messageId: ours, date, unsubscribeUrl, subjectPrefix: '' }
      const raw = edition.composer.compose(recipient, into)
      return raw instanceof Promise ? raw.then(made) : made(raw)
    },
  }
}
