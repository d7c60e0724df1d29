import type { Events } from './events.ts'
import type { Sending, SendingStatus } from './sending.ts'

/** Issues that are watched at once: those that were looked at last. */
const MOST = 8

/** A page that asks may not listen yet, and one that was loaded anew not again, for so long in milliseconds. */
const CLOSED_MS = 10_000

/** Tells open pages how the sends go on that they look at. */
export interface LiveSending {
  /** A page has asked for it: from now on all pages are told, until none is open. */
  watch(sends: Pick<Sending, 'onProgress'>, issue: string): void
}

/** Each as `progress`; and as `sending` when its state is another, for pages that show no more of it. */
export function createLiveSending(events: Pick<Events, 'send' | 'open'>): LiveSending {
  const watched = new Map<string, () => void>()

  const end = (issue: string): void => {
    watched.get(issue)?.()
    watched.delete(issue)
  }

  return {
    watch(sends, issue) {
      const known = watched.get(issue)
      if (known !== undefined) {
        watched.delete(issue)
        watched.set(issue, known)
        return
      }
      let state: SendingStatus['state'] | null | undefined
      let closedAt: number | null = null
      const tell = (status: SendingStatus | null): void => {
        if (events.open > 0) closedAt = null
        else if (closedAt === null) closedAt = performance.now()
        // The next page that opens asks anew.
        else if (performance.now() - closedAt > CLOSED_MS) return end(issue)
        events.send({ what: 'progress', id: issue, status })
        const now = status?.state ?? null
        if (state !== undefined && now !== state) events.send({ what: 'sending', id: issue })
        state = now
      }
      watched.set(issue, sends.onProgress(issue, tell))
      const [oldest] = watched.keys()
      if (watched.size > MOST && oldest !== undefined) end(oldest)
    },
  }
}
