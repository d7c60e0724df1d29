/** A pace that all workers of a store share. */
export interface SharedPace {
  /**
   * Takes up to `count` messages from the pace of `name`: a server, or a server and a recipient domain. A negative
   * count gives back what was not begun.
   * @returns how many may begin, and in how many milliseconds; none: when to ask again
   */
  take(
    name: string,
    count: number,
    limits: { readonly perSecond: number | null; readonly perHour: number | null },
  ): Promise<{ readonly granted: number; readonly wait: number }>
}
