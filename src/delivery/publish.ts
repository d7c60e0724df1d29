import type { Tokens } from '../core/token.ts'
import type { Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import type { Signer } from '../email/signer.ts'
import type { EditionStore } from './editions.ts'
import { freezeImages, type FrozenImage } from './freeze-images.ts'
import type { Leases } from './leases.ts'
import type { CommonLimits } from './common-limits.ts'
import type { SharedPace } from './shared-pace.ts'
import type { DeliveryStore, SenderLock } from './store.ts'
import type { Wakes } from './wakes.ts'

/** What sending and publishing are done with; the composition root is one. */
export interface SendingDesk {
  readonly deliveries: DeliveryStore
  readonly editions: EditionStore
  readonly tokens: Tokens
  readonly imagesDir: string
  /** Signs what is sent; null: nothing does. */
  readonly signer: Signer | null
  /** Where bounces go, each under a return path of its own; null, or left out: to the sender's address. */
  readonly bounceDomain?: string | null
  /** Several workers share a round; null, or left out: one process sends at a time. */
  readonly leases?: Leases | null
  /** One pace for all workers; null, or left out: this process keeps its own. */
  readonly pace?: SharedPace | null
  /** With which limits others send; null, or left out: nobody else does. */
  readonly commonLimits?: Pick<CommonLimits, 'said'> | null
  /** Wakes workers elsewhere; null, or left out: they look by themselves. */
  readonly wakes?: Wakes | null
  /**
   * The right to send; where several share a round, to freeze it anew. Null while another process has it.
   * @param of the id of a round, where each has its own
   */
  lockSender(of?: number): Promise<SenderLock | null>
}

/** An issue that may go out: approved, checked, rendered for every tier. */
export interface ReadyIssue {
  readonly id: string
  readonly newsletter: string
  readonly editions: Readonly<Record<Tier, Edition>>
  readonly images: readonly FrozenImage[]
  /** The look's name and the hash of its files. */
  readonly template?: string
}

/**
 * What publishing would do to an issue's page: nothing is there yet, it is there as it is now, it would
 * be replaced; or it has changed while a version of it is in the mail, which is what the page must show.
 */
export async function comparePage(
  desk: Pick<SendingDesk, 'deliveries' | 'editions'>,
  { id, editions }: ReadyIssue,
): Promise<'new' | 'unchanged' | 'changed' | 'mailed'> {
  const page = await desk.editions.published(id)
  if (page === null) return 'new'
  const tiers = ['public', 'subscriber', 'member'] as const
  if (tiers.every((tier) => page.editions[tier].hash === editions[tier].hash)) return 'unchanged'
  for (const round of await desk.deliveries.rounds(id)) {
    if (round.kind === 'rehearsal') continue
    const inFlight = round.state === 'freezing' || round.state === 'sending'
    if (inFlight || (await desk.deliveries.hasGoneOut(round.id))) return 'mailed'
  }
  return 'changed'
}

/** Freezes an issue's editions and images and puts it on the site. Doing it again changes nothing. */
export async function publishIssue(
  desk: Pick<SendingDesk, 'editions' | 'imagesDir'>,
  issue: ReadyIssue,
): Promise<void> {
  await freezeImages(desk.imagesDir, issue.images)
  await desk.editions.publish(issue.editions)
}
