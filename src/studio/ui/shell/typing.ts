import { recall } from './remembered.ts'

/** Whether keys at `target` are words that somebody writes, or belong to a control. */
export function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  )
}

/** Whether keys that are a single letter are listened to: they can be switched off (WCAG 2.1.4). */
export function lettersAreOn(): boolean {
  return recall('keys') !== 'off'
}
