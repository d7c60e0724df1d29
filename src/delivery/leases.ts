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
  /** Whether any worker has something on hand, of any round. */
  anySending(): Promise<boolean>
}

/** Whether several processes may send a round at once. */
export function isShared({ leases = null }: { readonly leases?: Leases | null }): boolean {
  return leases !== null
}

/** Renews this worker's leases on a round every third of their length, until it is ended. */
export function keepLeases(leases: Leases, round: number): { end(): void } {
  const renew = (): void => {
    // One that could not be renewed is tried again in time; one that is lost, the next `advance` tells of.
    leases.renew(round).catch(() => undefined)
  }
  const timer = setInterval(renew, leases.lease / 3)
  timer.unref()
  return { end: () => clearInterval(timer) }
}
