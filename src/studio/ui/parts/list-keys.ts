import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { lettersAreOn, takesText } from '../shell/typing.ts'

export interface ListKeysOptions {
  /** Another row has the focus by a key. */
  readonly onMove?: (row: HTMLElement) => void
  /** Somebody wants to go on behind the last row. */
  readonly onEnd?: () => void
}

/**
 * Arrows, Home and End lead from row to row of a list (`data-row`), j and k from anywhere in the page; the arrow
 * down leads from the search into the list. Enter is the row's own: it is a link or a button.
 */
export function useListKeys(list: RefObject<HTMLElement | null>, options: ListKeysOptions = {}): void {
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (list.current === null || document.querySelector('dialog[open]') !== null) return
      const rows = [...list.current.querySelectorAll<HTMLElement>('[data-row]')]
      const at = rows.findIndex((row) => row === document.activeElement)
      const to = target(event, rows, at)
      if (to === null) return
      event.preventDefault()
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))]
      if (to >= rows.length) latest.current.onEnd?.()
      if (row === undefined) return
      row.focus({ preventScroll: true })
      row.scrollIntoView({ block: 'nearest' })
      latest.current.onMove?.(row)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
}

/** Where a key leads; null: nowhere, it is not for the list. */
function target(event: KeyboardEvent, rows: readonly HTMLElement[], at: number): number | null {
  const { key } = event
  const current = rows.findIndex((row) => row.getAttribute('aria-current') !== null)
  if ((key === 'j' || key === 'k') && lettersAreOn() && !takesText(event.target)) {
    const from = at === -1 ? current : at
    return key === 'j' ? from + 1 : from - 1
  }
  const inSearch = event.target instanceof HTMLInputElement && event.target.type === 'search'
  if (inSearch && key === 'ArrowDown') return 0
  if (at === -1) return null
  switch (key) {
    case 'ArrowDown':
      return at + 1
    case 'ArrowUp':
      return at - 1
    case 'Home':
      return 0
    case 'End':
      return rows.length - 1
    default:
      return null
  }
}
