import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from './button.tsx'

export interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** Also for Escape. Focus goes back to where it was. */
  readonly onClose: () => void
  /** The buttons at its foot; default: Close. */
  readonly actions?: ComponentChildren
  readonly wide?: boolean
}

/** A modal dialog, open for as long as it is rendered. */
export function Dialog({ title, children, onClose, actions, wide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  // Before it is painted: a key that is pressed at once is already its own.
  useLayoutEffect(() => {
    const before = document.activeElement
    const shown = dialog.current
    shown?.showModal()
    return () => {
      shown?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={id}>{title}</h2>
      <div class="dialog-body">{children}</div>
      <div class="actions">{actions ?? <Button onClick={onClose}>Close</Button>}</div>
    </dialog>
  )
}
