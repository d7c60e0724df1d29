import type { Tier } from '../../core/tier.ts'
import type { SendingStatus } from '../sending.ts'

/**
 * What `GET /api/events` tells, as the data of a `change` event. A page asks again for what it shows; an
 * `open` event says that the connection stands, so that what was missed can be asked for.
 */
export type Change =
  /** An issue was built anew: its findings, readiness or pictures may differ; `pictures`: the version that last changed each tier's mail. */
  | {
      readonly what: 'issue'
      readonly id: string
      readonly pictures?: Readonly<Record<Tier, number>> | undefined
    }
  /** onrecord.yaml or the list of issues. */
  | { readonly what: 'shelf' }
  /**
   * An editor's file on the disk; `hash` as in draft.ts, null: it is gone. `base`: the version it was written over by
   * a page that had seen it; null: another program wrote it, or it is new.
   */
  | {
      readonly what: 'file'
      readonly path: string
      readonly hash: string | null
      readonly base: string | null
    }
  | { readonly what: 'approval'; readonly id: string }
  | { readonly what: 'sending'; readonly id: string }
  /** How a send stands that some page looks at, four times a second at most; `sending` says when its state is another. */
  | { readonly what: 'progress'; readonly id: string; readonly status: SendingStatus | null }
  /** What mends the findings of an issue is known by now. */
  | { readonly what: 'fixes'; readonly id: string }
  /** Links and images of an issue were looked at once more. */
  | { readonly what: 'links'; readonly id: string }
  | { readonly what: 'outbox' }
  | { readonly what: 'people' }
  /** An import began, went on or ended. */
  | { readonly what: 'import' }
