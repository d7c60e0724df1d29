import type { Context } from 'hono'
import { streamSSE, type SSEStreamingApi } from 'hono/streaming'
import type { Change } from './contract/events.ts'

/** Tells open pages what changed, by server-sent events. */
export interface Events {
  send(change: Change): void
  /** How many pages listen. */
  readonly open: number
  /** How many changes there were. */
  readonly count: number
  /**
   * What was told after the change of a number comes first: after the last that this connection had heard of
   * (`Last-Event-ID`, WHATWG HTML 9.2.4), or after `?since=`, how many there were when the page was made.
   */
  answer(c: Context): Response
  /** Ends every open page's connection. */
  close(): void
}

/** A connection that says nothing is closed by some networks; a comment now and then keeps it. */
const HEARTBEAT_MS = 20_000

/** More pages than anybody has open. Who comes after has the place of who came first, whose page asks again. */
const MOST_PAGES = 100

/** More changes than there are while a page is loaded. */
const KEPT = 500

export function createEvents(): Events {
  const streams = new Map<SSEStreamingApi, () => void>()
  /** The last of them, as they were told. */
  const told: string[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    get open() {
      return streams.size
    },
    send(change) {
      const data = JSON.stringify(change)
      count++
      told.push(data)
      if (told.length > KEPT) told.shift()
      for (const stream of streams.keys()) void stream.writeSSE({ event: 'change', data, id: String(count) })
    },
    answer: (c) =>
      streamSSE(c, async (stream) => {
        await new Promise<void>((resolve) => {
          const beat = setInterval(() => void stream.write(':\n\n'), HEARTBEAT_MS)
          const end = (): void => {
            clearInterval(beat)
            streams.delete(stream)
            resolve()
          }
          if (streams.size >= MOST_PAGES) streams.values().next().value?.()
          streams.set(stream, end)
          stream.onAbort(end)
          const heard = Number(c.req.header('last-event-id') ?? c.req.query('since') ?? count)
          // The page asks for what it missed only after this.
          void stream.writeSSE({ event: 'open', data: '', id: String(count), retry: 1000 })
          if (heard < count)
            for (const data of told.slice(heard - count))
              void stream.writeSSE({ event: 'change', data, id: String(count) })
        })
      }),
    close() {
      for (const end of [...streams.values()]) end()
    },
  }
}
