import { useEffect, useRef, useState } from 'preact/hooks'
import type { Change } from '../../contract/events.ts'
import { get, post, sentenceOf } from './api.ts'

type Listener = (change: Change | 'everything') => void

const listeners = new Set<Listener>()
const connection: {
  source: EventSource | null
  /** How many changes there were when the page was made: its first connection tells what came since. */
  loadedAt: string
  missed: boolean
  onState: (lost: boolean) => void
} = {
  source: null,
  loadedAt: document.querySelector<HTMLMetaElement>('meta[name="onrecord-changes"]')?.content ?? '',
  missed: false,
  onState: () => undefined,
}

/**
 * Listens to what changes, for as long as the app is looked at: a browser keeps six connections to one
 * address, so that a page nobody looks at gives its own back, and asks anew for everything when it is seen.
 */
export function followChanges(onState: (lost: boolean) => void): () => void {
  connection.onState = onState
  document.addEventListener('visibilitychange', connect)
  connect()
  return () => {
    document.removeEventListener('visibilitychange', connect)
    connection.source?.close()
    connection.source = null
  }
}

function connect(): void {
  if (document.hidden) {
    connection.source?.close()
    connection.source = null
    connection.missed = true
    return
  }
  if (connection.source !== null) return
  const source = new EventSource(
    connection.missed ? '/api/events' : `/api/events?since=${connection.loadedAt}`,
  )
  connection.source = source
  source.addEventListener('change', (event: MessageEvent<string>) => tell(JSON.parse(event.data) as Change))
  source.addEventListener('open', () => {
    connection.onState(false)
    if (connection.missed) tell('everything')
    connection.missed = false
  })
  source.addEventListener('error', () => {
    connection.missed = true
    connection.onState(true)
  })
}

/** Whether a file is of an issue: in its folder, or the issue in one file itself. */
export function isFileOf(issue: string, path: string): boolean {
  return path === `briefs/${issue}.md` || path.startsWith(`briefs/${issue}/`)
}

function tell(change: Change | 'everything'): void {
  for (const each of listeners) each(change)
}

/** Calls `listener` at each change; `everything`: some were missed. */
export function useChanges(listener: Listener): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const own: Listener = (change) => latest.current(change)
    listeners.add(own)
    return () => {
      listeners.delete(own)
    }
  }, [])
}

export interface Loaded<Value> {
  /** The newest that came; it stays while a newer one is asked for, and when that fails. */
  readonly value: Value | null
  /** Why the newest did not come, as a sentence, or null. */
  readonly error: string | null
  readonly loading: boolean
  readonly reload: () => void
}

export interface LoadOptions {
  /** What was there stays until the new one is, also of another path. */
  readonly keeps?: boolean
  /** Asked for by POST with this body, for what belongs in no URL; default: by GET. */
  readonly body?: unknown
  /** At most once in so many milliseconds, however often it changes; default: each time. */
  readonly every?: number
}

/**
 * What `path` answers, asked for again at every change that `follows` says concerns it. Null asks for nothing. Another
 * path or body forgets the value, unless it `keeps` it until the new one is there.
 */
export function useLoaded<Value>(
  path: string | null,
  follows: (change: Change) => boolean = () => false,
  { keeps = false, body, every = 0 }: LoadOptions = {},
): Loaded<Value> {
  const asked = path === null ? null : body === undefined ? path : `${path} ${JSON.stringify(body)}`
  const [state, setState] = useState<{
    readonly asked: string | null
    readonly value: Value | null
    readonly error: string | null
  }>({ asked: null, value: null, error: null })
  const [turn, setTurn] = useState(0)
  const reload = (): void => setTurn((before) => before + 1)
  const reloadSoon = useAtMost(every, reload)
  useChanges((change) => {
    if (change === 'everything' || follows(change)) reloadSoon()
  })
  useEffect(() => {
    if (path === null) return
    const abort = new AbortController()
    const answer = body === undefined ? get<Value>(path, abort.signal) : post<Value>(path, body, abort.signal)
    answer.then(
      (value) => {
        // Given up while its body was read, it is no answer.
        if (!abort.signal.aborted) setState({ asked, value, error: null })
      },
      (error: unknown) => {
        if (abort.signal.aborted) return
        setState((before) => ({
          asked,
          value: keeps || before.asked === asked ? before.value : null,
          error: sentenceOf(error),
        }))
      },
    )
    return () => abort.abort()
  }, [asked, turn])
  const isOther = state.asked !== asked
  return {
    value: isOther && !keeps ? null : state.value,
    error: isOther ? null : state.error,
    loading: isOther,
    reload,
  }
}

/** Calls at once, then at most once in `ms`, the last time included. */
function useAtMost(ms: number, call: () => void): () => void {
  const held = useRef<{ readonly timer: ReturnType<typeof setTimeout>; again: boolean } | null>(null)
  useEffect(() => () => clearTimeout(held.current?.timer), [])
  const run = (): void => {
    if (held.current !== null) {
      held.current.again = true
      return
    }
    call()
    if (ms === 0) return
    const timer = setTimeout(() => {
      const again = held.current?.again === true
      held.current = null
      if (again) run()
    }, ms)
    held.current = { timer, again: false }
  }
  return run
}
