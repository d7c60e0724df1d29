import type { ComponentChildren } from 'preact'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export interface FormDialogProps {
  readonly title: string
  /** What the button says that does it. */
  readonly verb: string
  readonly kind?: 'primary' | 'danger'
  /** It cannot be done now; the Enter key does nothing then, either. */
  readonly disabled: boolean
  /** Of the form; default: none. */
  readonly class?: string
  /** By the button, or by the Enter key in a field. */
  readonly onSubmit: () => void
  readonly onClose: () => void
  readonly children: ComponentChildren
}

/** A dialog that asks for something, and does it or does not. */
export function FormDialog(props: FormDialogProps) {
  const { title, verb, kind = 'primary', disabled, onSubmit, onClose, children } = props
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind={kind} disabled={disabled} onClick={onSubmit}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        class={props.class}
        onSubmit={(event) => {
          event.preventDefault()
          if (!disabled) onSubmit()
        }}
      >
        {children}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
