import { Transaction, type StateEffect, type TransactionSpec } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import type { DraftFile } from '../../../contract/draft.ts'
import { adoptKept, openKeep } from './autosave-kept.ts'
import { studioServer } from './autosave-server.ts'
import { createAutosave, type Autosave } from './autosave.ts'
import type { SaveState } from './autosave-state.ts'
import { draftOf } from './editor-document.ts'
import type { OpenFile } from './editor-part.ts'
import { extensions } from './editor-parts.ts'
import { setup } from './editor-setup.ts'
import { keepUndo, keptUndo } from './undo-store.ts'
import { remember, resume } from './undo.ts'

/** A file that is open: it outlives its screen for as long as something of it is not saved. */
export interface EditorSession {
  readonly file: DraftFile
  readonly autosave: Autosave
  readonly view: EditorView | null
  /** Shows it in `parent`. */
  mount(parent: HTMLElement, files: readonly DraftFile[]): OpenFile
  /** Takes it off the screen, and ends it when all of it is saved. */
  unmount(): void
  /** For how long nothing was written by hand, in milliseconds. */
  readonly stillFor: number
  /** What the screen wants to know; one at a time. */
  watch(watcher: SessionWatcher): void
}

export interface SessionWatcher {
  readonly onState: (state: SaveState) => void
  readonly onTaken: () => void
  /** The cursor was moved by hand. */
  readonly onSelect: (line: number, column: number) => void
}

/** The id of the line that says how the editor is left. */
export const wayOut = 'draft-way-out'

/** How long a writer is still before the parts beside the text look at it again, in milliseconds. */
const PAUSE_MS = 200

const sessions = new Map<string, Promise<EditorSession>>()

/** Opens a file, or goes on with it. */
export function openSession(home: string, issue: string, file: DraftFile): Promise<EditorSession> {
  const key = `${home}.${file.path}`
  const opening = sessions.get(key) ?? open(home, issue, file, () => sessions.delete(key))
  sessions.set(key, opening)
  opening.catch(() => sessions.delete(key))
  return opening
}

/** Every file that is open, on the screen or not; one that cannot be opened keeps no other waiting. */
export function eachSession(work: (session: EditorSession) => void): void {
  for (const opening of sessions.values()) void opening.then(work, () => undefined)
}

const live = new Set<Autosave>()
addEventListener('beforeunload', (event) => {
  const unsaved = [...live].filter((each) => each.unsaved)
  if (unsaved.length === 0) return
  event.preventDefault()
  for (const each of unsaved) void each.flush()
})
addEventListener('pagehide', () => {
  for (const each of live) each.keepNow()
})
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) return
  for (const each of live) {
    each.keepNow()
    void each.flush()
  }
})

async function open(home: string, issue: string, file: DraftFile, onEnd: () => void): Promise<EditorSession> {
  const answer = await studioServer.read(file.path)
  if (!answer.ok) throw new Error(answer.why === 'refused' ? answer.sentence : `${file.path} cannot be read.`)
  const loaded = answer.value
  const key = `${home}.${file.path}`
  const memory = await keptUndo(key)
  const kept = await adoptKept(home, file.path).catch(() => null)

  let view: EditorView | null = null
  /** Where it was scrolled to. */
  let scrollTo: StateEffect<unknown> | null = null
  let shown: OpenFile | null = null
  let watcher: SessionWatcher | null = null
  let ended = false
  let lastEdit = -Infinity
  const pausing = new Set<() => void>()
  let pause: ReturnType<typeof setTimeout> | undefined
  const all = [
    extensions.map((each) => each({ issue, file, open: () => shown })),
    setup(file, { describedBy: wayOut, save: () => void autosave.flush() }),
    EditorView.updateListener.of((update) => {
      const own = update.transactions.filter((each) => each.annotation(Transaction.remote) !== true)
      if (own.some((each) => each.docChanged)) {
        lastEdit = performance.now()
        autosave.edited()
      }
      if (update.docChanged) {
        clearTimeout(pause)
        pause = setTimeout(() => {
          for (const each of pausing) each()
        }, PAUSE_MS)
      }
      if (own.some((each) => each.isUserEvent('select'))) {
        const { head } = update.state.selection.main
        const line = update.state.doc.lineAt(head)
        watcher?.onSelect(line.number, head - line.from + 1)
      }
    }),
  ]
  const resumed = resume(loaded, memory, { extensions: all, now: Date.now() })
  let { state } = resumed
  if (state.selection.main.head > 0)
    scrollTo = EditorView.scrollIntoView(state.selection.main.head, { y: 'center' })
  const holder = {
    get state() {
      return view?.state ?? state
    },
    dispatch(spec: TransactionSpec) {
      if (view !== null) return view.dispatch(spec)
      const transaction = state.update(spec)
      state = transaction.state
      if (transaction.docChanged && transaction.annotation(Transaction.remote) !== true) autosave.edited()
    },
  }
  const draft = draftOf(holder)
  const keepMemory = (hash: string): void => {
    const { state: now } = holder
    const later = globalThis.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 50))
    // Only while it still is the text that was saved.
    later(() => holder.state.doc.eq(now.doc) && void keepUndo(key, remember(holder.state, hash, Date.now())))
  }
  const endIfSaved = (): void => {
    if (view !== null || ended || autosave.unsaved) return
    ended = true
    autosave.close()
    live.delete(autosave)
    onEnd()
  }
  const autosave: Autosave = createAutosave({
    path: file.path,
    loaded: resumed.base,
    draft,
    server: studioServer,
    keep: openKeep(home, file.path),
    after(ms, work) {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
    onState(next) {
      watcher?.onState(next)
      if (next.at === 'saved') queueMicrotask(endIfSaved)
    },
    onSaved: keepMemory,
    onTaken: () => watcher?.onTaken(),
  })
  live.add(autosave)
  if (kept !== null) autosave.found(kept)

  return {
    file,
    autosave,
    get view() {
      return view
    },
    get stillFor() {
      return performance.now() - lastEdit
    },
    mount(parent, files) {
      const made = new EditorView({ state, parent, ...(scrollTo === null ? {} : { scrollTo }) })
      view = made
      shown = {
        ...{ issue, file, files, view: made },
        setText: (text) => draft.put(text, 'mine'),
        onPause(listener) {
          pausing.add(listener)
          return () => pausing.delete(listener)
        },
      }
      autosave.look()
      return shown
    },
    unmount() {
      if (view === null) return
      state = view.state
      scrollTo = view.scrollSnapshot()
      view.destroy()
      view = null
      shown = null
      watcher = null
      void autosave.flush().then(endIfSaved)
    },
    watch(next) {
      watcher = next
      next.onState(autosave.state)
    },
  }
}
