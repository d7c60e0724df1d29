import type { BegunMessages } from './store.ts'

/** What is asked of a pace. */
export interface PaceWanted {
  /** A server, or a server and a recipient domain. */
  readonly name: string
  /** Messages; less than nothing gives back what was not begun. */
  readonly count: number
  readonly perSecond: number | null
  /** In 60 minutes, or a little more. */
  readonly perHour: number | null
  /** A day's share, of the day of that name. */
  readonly day: { readonly name: string; readonly allowed: number } | null
  /** Messages that were begun and not taken by the server: they do not count for the day. */
  readonly refused?: number
}

/** What a pace grants. */
export interface PaceGranted {
  /** Messages that may begin; fewer than were asked for where a limit is used up. */
  readonly granted: number
  /** After so many milliseconds the last of them may; none: when to ask again. */
  readonly wait: number
  /** The limit that is used up. */
  readonly spent: 'hour' | 'day' | null
}

/** A pace that all workers of a store share, counted in messages. */
export interface SharedPace {
  /** @returns the answers, in the order of what was asked */
  take(wanted: readonly PaceWanted[]): Promise<readonly PaceGranted[]>
  /** Counts what the rows say was begun, where that is more than was counted; `day`: the one that has begun, and when. */
  load(
    name: string,
    begun: readonly BegunMessages[],
    day: { readonly name: string; readonly begins: number } | null,
  ): Promise<void>
}
