import type { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'preact/hooks'

/** What an extension wants of the part that is rendered beside the editor: a dialog. */
export type Wish =
  | { readonly what: 'pick-source' }
  /** Pictures that were dropped or pasted; none: one is to be chosen. */
  | { readonly what: 'add-image'; readonly files: readonly File[]; readonly at: number }

const listeners = new WeakMap<EditorView, Set<(wish: Wish) => void>>()

export function wish(view: EditorView, what: Wish): void {
  for (const each of listeners.get(view) ?? []) each(what)
}

export function useWishes(view: EditorView, listener: (wish: Wish) => void): void {
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => {
    const own = (what: Wish): void => latest.current(what)
    const all = listeners.get(view) ?? new Set()
    listeners.set(view, all.add(own))
    return () => {
      all.delete(own)
    }
  }, [view])
}
