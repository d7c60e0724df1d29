import type { ApprovalStore } from '../delivery/approval.ts'
import type { Archive } from '../delivery/archive.ts'
import type { EditionStore } from '../delivery/editions.ts'
import type { CommonLimits } from '../delivery/common-limits.ts'
import type { DeliveryHistory } from '../delivery/history.ts'
import type { Leases } from '../delivery/leases.ts'
import type { DeliveryReports } from '../delivery/report.ts'
import type { RoundKind } from '../delivery/round.ts'
import type { ScheduleStore } from '../delivery/schedule.ts'
import type { SharedPace } from '../delivery/shared-pace.ts'
import type { DeliveryStore, SenderLock } from '../delivery/store.ts'
import type { Wakes } from '../delivery/wakes.ts'
import type { Address } from '../subscribers/address.ts'
import type { MailFormat, ReaderStore } from '../subscribers/readers.ts'
import type { SubscriberStore } from '../subscribers/store.ts'
import type { ReaderOptions } from './readers.ts'

/** What a publication's store holds, whichever database it stands in. Whoever opens closes. */
export interface Stores {
  readonly kind: 'sqlite' | 'postgres'
  /** The file, or `postgres://host:port/database`. */
  readonly label: string
  readonly subscribers: SubscriberStore
  readonly deliveries: DeliveryStore
  /** What the operator sees of them. */
  readonly reports: DeliveryReports
  readonly editions: EditionStore
  /** Sends that wait for their time. */
  readonly schedule: ScheduleStore
  readonly approvals: ApprovalStore
  readonly history: DeliveryHistory
  readonly archive: Archive
  readers(options: Omit<ReaderOptions, 'tokens'>): ReaderStore
  /** How the person who has that address wants mail; of anybody else `html`, which is both parts. */
  mailFormat(address: string): Promise<MailFormat>
  /** Tells the addresses at which mail may have been written to somebody; to be asked for before erasing them. */
  addressesOf(who: { readonly address: Address }): Promise<(address: string) => boolean>
  /** Copies of the whole store beside it, absolute; an erasure does not reach them. None on PostgreSQL. */
  keptCopies(): readonly string[]
  readonly health: StoreState
  /** Several workers share a round; null where one process sends at a time. */
  readonly leases: Leases | null
  /** One pace for all workers; null: the process's own. */
  readonly pace: SharedPace | null
  /** With which limits all processes send; null: one process sends at a time, with its own. */
  readonly commonLimits: CommonLimits | null
  /** Wakes workers elsewhere; null: they look by themselves. */
  readonly wakes: Wakes | null
  /**
   * The right to do what one process at a time does; null while another has it.
   * @param of which right: the id of a round; SQLite knows one alone
   */
  lockSender(of?: number): Promise<SenderLock | null>
  /** Says that a worker is there, until it is released or the process ends. */
  enterWorker(kind: RoundKind): Promise<SenderLock>
  /** Whether a worker for this kind of sends is there; null where that cannot be told. */
  hasWorker(kind: RoundKind): Promise<boolean | null>
  close(): Promise<void>
}

/** What a probe asks of an open store. */
export interface StoreState {
  /** Whether the schema is the one this version knows: another process may have brought it further meanwhile. */
  schemaIsCurrent(): Promise<boolean>
  /** How the deliveries of the latest round that was sent for real stand. */
  latestDeliveries(): Promise<readonly { readonly state: string; readonly count: number }[]>
}
