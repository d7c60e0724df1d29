import type { ComponentChildren } from 'preact'

export interface NoticeProps {
  readonly tone: 'error' | 'warning' | 'good' | 'info'
  readonly title?: string
  readonly children: ComponentChildren
}

/** Something a person should know before going on. */
export function Notice({ tone, title, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}

export interface BadgeProps {
  readonly tone: 'error' | 'warning' | 'good' | 'info' | 'plain'
  readonly children: ComponentChildren
}

/** A word about something's state. */
export function Badge({ tone, children }: BadgeProps) {
  return <span class={`badge ${tone}`}>{children}</span>
}

export interface EmptyStateProps {
  readonly title: string
  readonly children?: ComponentChildren
}

/** What stands where there is nothing yet, with the next step. */
export function EmptyState({ title, children }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {typeof children === 'string' ? <p>{children}</p> : children}
    </div>
  )
}

export interface ProgressProps {
  readonly label: string
  readonly value: number
  readonly max: number
  /** “1,204 of 3,000” */
  readonly words: string
}

export function Progress({ label, value, max, words }: ProgressProps) {
  return (
    <div class="progress">
      <progress value={value} max={max} aria-label={label} />
      <span>{words}</span>
    </div>
  )
}
