import type { Tokens } from '../core/token.ts'
import type { Tier } from '../core/tier.ts'
import type { Edition } from '../email/edition.ts'
import type { EditionStore } from './editions.ts'
import { freezeImages, type FrozenImage } from './freeze-images.ts'
import type { DeliveryStore, SenderLock } from './store.ts'

/** What sending and publishing are done with; the composition root is one. */
export interface SendingDesk {
  readonly deliveries: DeliveryStore
  readonly editions: EditionStore
  readonly tokens: Tokens
  readonly imagesDir: string
  /** Null while another process sends. */
  lockSender(): SenderLock | null
}

/** An issue that may go out: approved, checked, rendered for every tier. */
export interface ReadyIssue {
  readonly id: string
  readonly newsletter: string
  readonly editions: Readonly<Record<Tier, Edition>>
  readonly images: readonly FrozenImage[]
}

/** Freezes an issue's editions and images and puts it on the site. Doing it again changes nothing. */
export async function publishIssue(
  desk: Pick<SendingDesk, 'editions' | 'imagesDir'>,
  issue: ReadyIssue,
): Promise<void> {
  await freezeImages(desk.imagesDir, issue.images)
  await desk.editions.publish(issue.editions)
}
