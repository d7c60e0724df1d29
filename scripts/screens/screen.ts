import type { Page } from 'playwright-core'

/** A picture of the studio: `docs/images/studio/<name>.png`, and with `-800` and `-dark` beside it. */
export interface Screen {
  readonly name: string
  readonly path: string
  /** Waits until it is whole, and brings it into the state that is shown. */
  readonly ready: (page: Page) => Promise<void>
  /** Also at 800 px, or in dark colours; default: neither. */
  readonly also?: readonly ('narrow' | 'dark')[]
}
