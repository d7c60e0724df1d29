import { useEffect, useRef } from 'preact/hooks'
import type { TextPlace } from '../../contract/finding.ts'

/** A wish that the other side of the workspace shows a place: the text its line, the preview its sentence. */
export interface Reveal extends TextPlace {
  readonly in: 'draft' | 'preview'
  /** Whether focus goes along, as after a click; without it only the view does. */
  readonly focus: boolean
  /** In the draft: the sentence that is meant, selected where `findWords` finds it from there on. */
  readonly words?: string
  /** In the draft: a source is chosen there, to be cited. */
  readonly cites?: true
}

type Listener = (wish: Reveal) => void

const listeners = new Set<Listener>()
let waiting: Reveal | null = null

/** Asks for a place to be shown. A screen that is not open yet is told when it opens. */
export function reveal(wish: Reveal): void {
  waiting = wish
  for (const each of listeners) each(wish)
}

/** Called by a screen that can show places; `isMine` says whether it does. What it showed is not waiting any more. */
export function useReveal(isMine: (wish: Reveal) => boolean, show: Listener): void {
  const latest = useRef({ isMine, show })
  latest.current = { isMine, show }
  useEffect(() => {
    const own: Listener = (wish) => {
      if (!latest.current.isMine(wish)) return
      waiting = null
      latest.current.show(wish)
    }
    listeners.add(own)
    if (waiting !== null) own(waiting)
    return () => {
      listeners.delete(own)
    }
  }, [])
}
