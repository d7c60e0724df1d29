import type { DraftText } from '../../../contract/draft.ts'
import type { Draft, DraftServer, Keep, KeptDraft } from './autosave-parties.ts'
import type { Conflict, SaveState } from './autosave-state.ts'

export interface AutosaveOptions {
  readonly path: string
  /** What the draft was opened with. */
  readonly loaded: Pick<DraftText, 'text' | 'hash'>
  readonly draft: Draft
  readonly server: DraftServer
  readonly keep: Keep
  /** Calls `work` after `ms` milliseconds; gives the way to stop. */
  readonly after: (ms: number, work: () => void) => () => void
  readonly onState: (state: SaveState) => void
  /** Told when the text, as it is in the editor, is what is on the disk. */
  readonly onSaved: (hash: string) => void
  /** Told when something that was written elsewhere was taken in. */
  readonly onTaken: () => void
}

export interface Autosave {
  readonly state: SaveState
  /** The version that the text was made from. */
  readonly hash: string | null
  /** Whether anything here is not on the disk. */
  readonly unsaved: boolean
  /** Something was typed. Does next to nothing. */
  edited(): void
  /** Saves at once what there is to save; ends when it is saved or cannot be. */
  flush(): Promise<void>
  /** The server told of a version: `base` is the one that it was made from, null: by whom is not known. */
  changed(hash: string | null, base: string | null): void
  /** Something may have been missed: looks at the disk. */
  look(): void
  /** A kept text that was found. */
  found(kept: KeptDraft): void
  /** A person turns to the conflict that there is: it is about the text as it is by now. */
  face(): void
  /** A person chose `text`, having seen this conflict; false: it is another one by now, if only by a last key. */
  resolve(conflict: Conflict, text: string): boolean
  /** A person let go of a text whose file is gone. */
  letGo(): void
  /** Keeps in the browser what is not saved, at once: the page may end. */
  keepNow(): void
  close(): void
}

/** After the last key, at the latest after the first one; with no answer, or a refusal; of the browser's own copy. */
const [PAUSE_MS, AT_LATEST_MS, RETRY_MS, REFUSED_MS, KEEP_MS] = [350, 1_500, 1_500, 5_000, 500]

/**
 * Saves a text while it is written, and only over the version that it was made from. What another page or program
 * wrote is taken in where nothing is lost by it; where something would be, both are held until a person has chosen.
 *
 * ```
 * saved ─edited─▶ unsaved ─pause─▶ saving ─▶ saved
 *                    ▲                ├─ not the version it was made from ─▶ conflict ─resolve─▶ unsaved
 *                    └──── retry ─────┴─ no answer ─▶ offline
 * saved ─another version─▶ saved, with it taken in;   conflict, where it is without what was written here
 * ```
 */
export function createAutosave(options: AutosaveOptions): Autosave {
  const { path, draft, server, keep, after, onState, onSaved, onTaken } = options
  /** The version on the disk that the text was made from; its own text where that is known. */
  let base: { readonly text: string | null; readonly hash: string | null } = options.loaded
  let state: SaveState = { at: 'saved' }
  /** Something was typed that no save has begun with. */
  let dirty = false
  /** The disk may be another than `base`. */
  let outdated = false
  /** The version that was told of last; undefined: none was. */
  let told: string | null | undefined
  /** Versions that were made by someone who had seen what was written here. */
  const seen = new Set<string>()
  let firstEdit: number | null = null
  let stopTimer: (() => void) | null = null
  let stopKeeping: (() => void) | null = null
  let running: Promise<void> | null = null
  let [again, closed] = [false, false]

  const set = (next: SaveState): void => {
    if (next.at === state.at && next.at === 'unsaved') return
    state = next
    onState(next)
  }

  const keepText = (): boolean => keep.put({ text: draft.text(), base: base.hash })
  const schedule = (ms: number): void => {
    stopTimer?.()
    stopTimer = after(ms, () => {
      stopTimer = null
      void run()
    })
  }

  const run = (): Promise<void> => {
    again = true
    running ??= loop()
    return running
  }

  const loop = async (): Promise<void> => {
    // So that it has not ended before `running` is set; whoever asks after its end begins another one.
    await Promise.resolve()
    try {
      while (again && !closed) {
        again = false
        if (state.at === 'conflict') await lookAgain(state.conflict)
        else if (dirty) await save()
        else if (outdated) await takeIn()
      }
    } finally {
      running = null
    }
  }

  const save = async (): Promise<void> => {
    stopTimer?.()
    stopTimer = null
    firstEdit = null
    const text = draft.text()
    dirty = false
    if (text === base.text) return settle()
    set({ at: 'saving' })
    const answer = await server.save({ path, text, base: base.hash })
    if (closed) return
    if (answer.ok) {
      base = { text, hash: answer.value.hash }
      outdated = told !== undefined && told !== base.hash && outdated
      if (!dirty) return settle()
      set({ at: 'unsaved' })
      return schedule(PAUSE_MS)
    }
    dirty = true
    switch (answer.why) {
      case 'conflict':
        return meet(answer.conflict.theirs, false)
      case 'offline':
        set({ at: 'offline', kept: keepText() })
        return schedule(RETRY_MS)
      case 'gone':
        return meet(null, false)
      case 'refused':
        set({ at: 'refused', sentence: answer.sentence, kept: keepText() })
        // It may have been the file of a moment, half written by another program.
        return schedule(REFUSED_MS)
    }
  }

  /** The text is what is on the disk, as far as is known. */
  const settle = (): void => {
    seen.clear()
    keep.clear()
    set({ at: 'saved' })
    if (base.hash !== null) onSaved(base.hash)
    if (outdated) again = true
  }

  const takeIn = async (): Promise<void> => {
    // What is told from here on may be newer than the answer.
    outdated = false
    const answer = await server.read(path)
    if (closed) return
    if (dirty) {
      // What was typed meanwhile is saved first; it meets what is there.
      outdated = true
      again = true
      return
    }
    if (!answer.ok) {
      if (answer.why === 'gone') return meet(null, true)
      outdated = true
      return schedule(RETRY_MS)
    }
    const { text, hash } = answer.value
    if (hash === base.hash) return set({ at: 'saved' })
    if (!seen.has(hash) && draft.losesOwn(text)) return meet({ text, hash }, true)
    base = { text, hash }
    draft.take(text)
    onTaken()
    settle()
  }

  /** Two texts: the same one twice is none. */
  const meet = (theirs: Conflict['theirs'], overwritten: boolean): void => {
    const mine = draft.text()
    if (theirs !== null && theirs.text === mine) {
      base = theirs
      dirty = false
      return settle()
    }
    const kept = keepText()
    set({ at: 'conflict', conflict: { mine, theirs, overwritten }, kept })
  }

  const face = (): void => {
    if (state.at !== 'conflict' || state.conflict.mine === draft.text()) return
    meet(state.conflict.theirs, state.conflict.overwritten)
  }
  /** What it is about may have changed once more, or be over. */
  const lookAgain = async ({ overwritten, theirs }: Conflict): Promise<void> => {
    if (!outdated) return
    outdated = false
    const answer = await server.read(path)
    if (closed) return
    if (state.at !== 'conflict') {
      // It was decided meanwhile; what there is to know of the disk is asked for once more.
      outdated = true
      again = true
      return
    }
    if (!answer.ok) {
      if (answer.why === 'gone') {
        if (theirs !== null) meet(null, overwritten)
        return
      }
      outdated = true
      return schedule(RETRY_MS)
    }
    const { text, hash } = answer.value
    if (hash === theirs?.hash) return
    if (hash !== base.hash) return meet({ text, hash }, overwritten)
    // It is again what it was: nothing stands against what is here.
    dirty = draft.text() !== base.text
    again = dirty
    if (dirty) set({ at: 'unsaved' })
    else settle()
  }

  return {
    get state() {
      return state
    },
    get hash() {
      return base.hash
    },
    get unsaved() {
      return dirty || state.at === 'saving' || state.at === 'conflict'
    },
    edited() {
      dirty = true
      if (state.at === 'conflict' || state.at === 'offline' || state.at === 'refused') {
        stopKeeping ??= after(KEEP_MS, () => {
          stopKeeping = null
          keepText()
        })
      }
      if (state.at === 'conflict' || state.at === 'offline') return
      if (state.at !== 'saving') set({ at: 'unsaved' })
      firstEdit ??= performance.now()
      schedule(Math.max(0, Math.min(PAUSE_MS, firstEdit + AT_LATEST_MS - performance.now())))
    },
    async flush() {
      if (dirty || running !== null) await run()
    },
    changed(hash, by) {
      told = hash
      if (hash === base.hash && state.at !== 'conflict') return
      if (hash !== null && by !== null && (by === base.hash || seen.has(by))) seen.add(hash)
      outdated = true
      void run()
    },
    look() {
      outdated = true
      void run()
    },
    found(kept) {
      if (kept.text === options.loaded.text) return keep.clear()
      draft.put(kept.text, 'mine')
      dirty = true
      if (kept.base === options.loaded.hash) return void run()
      base = { text: null, hash: kept.base }
      meet(options.loaded, false)
    },
    face,
    resolve(conflict, text) {
      face()
      if (state.at !== 'conflict' || state.conflict !== conflict) return false
      base = conflict.theirs ?? { text: null, hash: null }
      draft.put(text, text === conflict.theirs?.text ? 'theirs' : 'mine')
      dirty = true
      set({ at: 'unsaved' })
      void run()
      return true
    },
    letGo() {
      dirty = outdated = false
      keep.clear()
      set({ at: 'saved' })
    },
    keepNow() {
      if (dirty || state.at === 'saving' || state.at === 'conflict') keepText()
    },
    close() {
      closed = true
      stopTimer?.()
      stopKeeping?.()
    },
  }
}
