/**
 * What a `DeliveryStore` has besides, on which several workers send one round. Each takes rows for itself with a
 * lease; what a worker had whose lease has ended is taken by the others: what it had only claimed is sent by them,
 * what it had on the wire is unknown, and nothing it writes afterwards is kept (`advance` answers `suppressed`: leave
 * that one alone). `recover` gives back what this worker had and what is left of those whose leases have ended.
 */
export interface Leases {
  /** The name of this worker alone. */
  readonly worker: string
  /** How long one lasts, in milliseconds; every `advance` renews it when half of it is gone. */
  readonly lease: number
  /**
   * Renews it where nothing is written for a while; to be called every third of `lease`.
   * @returns `lost`: how many portions of the round another worker has by now
   */
  renew(round: number): Promise<{ readonly lost: number }>
}
