import { history } from '@codemirror/commands'
import { Transaction, type TransactionSpec } from '@codemirror/state'
import type { Change } from '../../src/studio/contract/events.ts'
import type { DraftConflict, DraftText, SaveRequest, Saved } from '../../src/studio/contract/draft.ts'
import { createAutosave, type Autosave } from '../../src/studio/ui/screens/draft/autosave.ts'
import type { Answer, KeptDraft } from '../../src/studio/ui/screens/draft/autosave-parties.ts'
import type { Conflict } from '../../src/studio/ui/screens/draft/autosave-state.ts'
import { draftOf } from '../../src/studio/ui/screens/draft/editor-document.ts'
import { remember, resume, type Memory } from '../../src/studio/ui/screens/draft/undo.ts'
import { ownWords } from '../../src/studio/ui/screens/draft/editor-own.ts'

/** How a client asks the studio: as a page does. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>

/** A page without a screen: the real autosave over the real editor's state and the real server. */
export interface DraftClient {
  readonly autosave: Autosave
  readonly text: () => string
  readonly conflict: () => Conflict | null
  /** As by hand, at the end of which autosave is told. */
  edit(spec: TransactionSpec): void
  /** Hears nothing of the server's events for a while; then looks once. */
  setDeaf(deaf: boolean): void
  /** What the browser keeps for the next page: steps of undo, and whose words are whose. */
  memory(): Memory | null
  close(): Promise<void>
}

export interface ClientOptions {
  readonly ask: Ask
  readonly path: string
  /** Time runs so many times as fast as for a person. */
  readonly speed: number
  readonly kept?: { draft: KeptDraft | null }
  /** Of the page before. */
  readonly memory?: Memory | null
  readonly onConflict: (conflict: Conflict) => void
}

export async function openClient(options: ClientOptions): Promise<DraftClient> {
  const { ask, path, speed, onConflict, kept = { draft: null } } = options
  const loaded = (await (await ask(`/api/file?path=${encodeURIComponent(path)}`)).json()) as DraftText
  let { memory = null } = options
  const extensions = [history(), ownWords]
  const resumed = resume(loaded, memory, { extensions, now: Date.now() })
  let { state } = resumed
  let conflict: Conflict | null = null
  let deaf = false
  const holder = {
    get state() {
      return state
    },
    dispatch(spec: TransactionSpec) {
      const transaction = state.update(spec)
      state = transaction.state
      if (transaction.docChanged && transaction.annotation(Transaction.remote) !== true) autosave.edited()
    },
  }
  const autosave: Autosave = createAutosave({
    path,
    loaded: resumed.base,
    draft: draftOf(holder),
    server: {
      read: (file) => answered<DraftText>(ask(`/api/file?path=${encodeURIComponent(file)}`)),
      save: (request) => answered<Saved>(ask('/api/file', putOf(request))),
    },
    keep: {
      put(draft) {
        kept.draft = draft
        return true
      },
      clear() {
        kept.draft = null
      },
    },
    after(ms, work) {
      const timer = setTimeout(work, ms / speed)
      return () => clearTimeout(timer)
    },
    onState(next) {
      conflict = next.at === 'conflict' ? next.conflict : null
      if (conflict !== null) onConflict(conflict)
    },
    onSaved(hash) {
      memory = remember(state, hash, Date.now())
    },
    onTaken: () => undefined,
  })
  if (kept.draft !== null) autosave.found(kept.draft)
  const events = await listen(ask, (change) => {
    if (!deaf && change.what === 'file' && change.path === path) autosave.changed(change.hash, change.base)
  })
  // What was told before the connection stood.
  autosave.look()
  return {
    autosave,
    text: () => state.doc.toString(),
    conflict: () => conflict,
    edit: (spec) => holder.dispatch(spec),
    memory: () => memory,
    setDeaf(next) {
      if (deaf && !next) autosave.look()
      deaf = next
    },
    async close() {
      autosave.close()
      await events.close()
    },
  }
}

function putOf(request: SaveRequest): RequestInit {
  return { method: 'PUT', body: JSON.stringify(request), headers: { 'Content-Type': 'application/json' } }
}

async function answered<Value>(asked: Promise<Response>): Promise<Answer<Value>> {
  const response = await asked.catch(() => null)
  if (response === null) return { ok: false, why: 'offline' }
  const body: unknown = await response.json()
  if (response.ok) return { ok: true, value: body as Value }
  if (response.status === 409 && 'mine' in Object(body))
    return { ok: false, why: 'conflict', conflict: body as DraftConflict }
  if (response.status === 404) return { ok: false, why: 'gone' }
  return { ok: false, why: 'refused', sentence: JSON.stringify(body) }
}

/** The server's events, as a browser's EventSource reads them; resolves when the connection stands. */
async function listen(ask: Ask, onChange: (change: Change) => void) {
  const abort = new AbortController()
  const response = await ask('/api/events', { signal: abort.signal })
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader()
  const decoder = new TextDecoder()
  let rest = ''
  const opened = Promise.withResolvers<void>()
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += decoder.decode(value, { stream: true })
      for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n')) {
        const block = rest.slice(0, end)
        rest = rest.slice(end + 2)
        if (block.includes('event: open')) opened.resolve()
        const data = /^data: (.*)$/m.exec(block)?.[1] ?? ''
        if (block.includes('event: change')) onChange(JSON.parse(data) as Change)
      }
    }
  })().catch(() => undefined)
  await opened.promise
  return {
    async close() {
      abort.abort()
      await ended
    },
  }
}
