import type { BarAction, Companion, EditorExtension, SidePanel } from './editor-part.ts'

/** What is plugged into the editor: one line each, in the order in which CodeMirror asks them. */
export const extensions: readonly EditorExtension[] = []

/** In the order of their buttons. */
export const panels: readonly SidePanel[] = []

export const companions: readonly Companion[] = []

/** In the order of their buttons, after those of the panels. */
export const actions: readonly BarAction[] = []
