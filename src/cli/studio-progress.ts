import type { SendingStatus } from '../studio/sending.ts'

/** Looked at so often at most, in milliseconds. */
const EVERY_MS = 250

/** While nothing is under way. */
const IDLE_MS = 2_000

type Listener = (status: SendingStatus | null) => void

export interface Progress {
  /** Tells of the issue now and whenever it has changed. @returns ends it */
  watch(issue: string, listener: Listener): () => void
  /** It has just been changed from here: looks at once. */
  look(issue: string): void
  close(): void
}

interface Watch {
  readonly listeners: Set<Listener>
  timer: NodeJS.Timeout | null
  busy: boolean
  told: string
}

function isUnderWay({ state, scheduled }: SendingStatus): boolean {
  if (state === 'scheduled') return scheduled !== null && Date.parse(scheduled.at.at) - Date.now() < IDLE_MS
  return state === 'freezing' || state === 'sending'
}

/** Looks at issues for as long as somebody listens, at most a tenth of the time on any list up to a million. */
export function createProgress(read: (issue: string) => Promise<SendingStatus | null>): Progress {
  const watches = new Map<string, Watch>()

  const look = async (issue: string): Promise<void> => {
    const watch = watches.get(issue)
    if (watch === undefined || watch.busy) return
    if (watch.timer !== null) clearTimeout(watch.timer)
    watch.busy = true
    const begun = performance.now()
    let every = IDLE_MS
    try {
      const status = await read(issue)
      if (status !== null && isUnderWay(status)) every = EVERY_MS
      const text = JSON.stringify(status)
      if (text !== watch.told && watches.get(issue) === watch)
        for (const listener of watch.listeners) listener(status)
      watch.told = text
    } catch {
      // A store that is busy or gone says so to whoever asks; watching goes on.
    }
    watch.busy = false
    if (watches.get(issue) !== watch) return
    // A tenth of the time on a long list; a machine that is busy with something else is no reason to fall behind.
    const rest = Math.min(IDLE_MS, Math.max(every, (performance.now() - begun) * 9))
    watch.timer = setTimeout(() => void look(issue), rest).unref()
  }

  return {
    watch(issue, listener) {
      const watch = watches.get(issue) ?? { listeners: new Set(), timer: null, busy: false, told: '' }
      watches.set(issue, watch)
      watch.listeners.add(listener)
      // Whoever is new is told too.
      watch.told = ''
      void look(issue)
      return () => {
        watch.listeners.delete(listener)
        if (watch.listeners.size > 0 || watches.get(issue) !== watch) return
        if (watch.timer !== null) clearTimeout(watch.timer)
        watches.delete(issue)
      }
    },
    look: (issue) => void look(issue),
    close() {
      for (const { timer } of watches.values()) if (timer !== null) clearTimeout(timer)
      watches.clear()
    },
  }
}
