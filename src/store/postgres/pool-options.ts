import type { Clock } from '../../core/clock.ts'
import type { StoreAway } from './away.ts'

/** How a pool of connections is opened. */
export interface PoolOptions {
  readonly clock?: Clock
  /** Connections at most; default `CONNECTIONS` of pool.ts. */
  readonly connections?: number
  /**
   * For how long a server that cannot be reached is tried again, in milliseconds; default 15,000. Where it is less,
   * `atStart` is for how long until it was reached once; default the same.
   */
  readonly patience?: number
  readonly atStart?: number
  /**
   * For how long a statement on its own, or a transaction's beginning, may go unanswered, in milliseconds; then it is
   * given up, and its connection with it: whether it was carried out is not known. Default, and until the pool is told
   * that it is `opened`, as another process may be at the schema: longer than the server lets one run.
   */
  readonly answer?: number
  /** Told when the server has not answered for a second, and when it does again. */
  readonly onAway?: (away: StoreAway) => void
  /** Once aborted, a server that was never reached is waited for no longer. */
  readonly interrupted?: AbortSignal
}
