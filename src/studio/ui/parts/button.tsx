import type { ComponentChildren, Ref } from 'preact'

export interface ButtonProps {
  readonly children: ComponentChildren
  /** `primary`: the one thing a screen is for. Default: plain. */
  readonly kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  readonly onClick?: (event: MouseEvent) => void
  /** Sends the form it is in. */
  readonly submit?: boolean
  readonly disabled?: boolean
  /** Of a button that stays down. */
  readonly pressed?: boolean
  /** Where the words alone do not say it. */
  readonly label?: string
  readonly elementRef?: Ref<HTMLButtonElement>
}

export function Button(props: ButtonProps) {
  const {
    children,
    kind = 'plain',
    onClick,
    submit = false,
    disabled = false,
    pressed,
    label,
    elementRef,
  } = props
  return (
    <button
      ref={elementRef}
      type={submit ? 'submit' : 'button'}
      class={`button ${kind}`}
      disabled={disabled}
      aria-pressed={pressed}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
