import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/**
 * Closes what folds out of `box` at a click or a focus elsewhere, and at Escape within it, which gives focus to the
 * button (or summary) that opened it, the first in the box.
 */
export function useDismiss(box: RefObject<HTMLElement | null>, close: () => void): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    const abort = new AbortController()
    const { signal } = abort
    const onOutside = (event: Event): void => {
      if (event.target instanceof Node && box.current?.contains(event.target) !== true) latest.current()
    }
    document.addEventListener('pointerdown', onOutside, { signal })
    document.addEventListener('focusin', onOutside, { signal })
    box.current?.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return
        box.current?.querySelector<HTMLElement>('button, summary')?.focus()
        latest.current()
      },
      { signal },
    )
    return () => abort.abort()
  }, [])
}
