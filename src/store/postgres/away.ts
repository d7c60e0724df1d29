/** The server does not answer; or, once that was told, it does again. */
export interface StoreAway {
  /** Where it is, without user and password. */
  readonly label: string
  readonly answers: boolean
  /** For how long what was asked is tried yet, in milliseconds. */
  readonly left: number
}

export interface Away {
  /** No connection was made; it is tried again until `deadline` (of `performance.now`). */
  failed(deadline: number): void
  /** One was. */
  reached(): void
}

/** So long a server may say nothing before anybody is told: one that restarts is back by then. */
const QUIET_MS = 1_000

/** Tells once an outage, however many ask meanwhile, and once its end. */
export function createAway(label: string, tell: (away: StoreAway) => void = () => undefined): Away {
  let since: number | null = null
  let isTold = false
  return {
    failed(deadline) {
      const now = performance.now()
      since ??= now
      if (isTold || now - since < QUIET_MS) return
      isTold = true
      tell({ label, answers: false, left: Math.max(0, deadline - now) })
    },
    reached() {
      since = null
      if (!isTold) return
      isTold = false
      tell({ label, answers: true, left: 0 })
    },
  }
}
