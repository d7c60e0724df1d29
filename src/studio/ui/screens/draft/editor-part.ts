import type { Extension } from '@codemirror/state'
import type { EditorView } from '@codemirror/view'
import type { ComponentType } from 'preact'
import type { DraftFile } from '../../../contract/draft.ts'

/** What the parts of the editor know of the file that is open. It is another object for another file. */
export interface OpenFile {
  readonly issue: string
  readonly file: DraftFile
  /** All files of the issue. */
  readonly files: readonly DraftFile[]
  /** The editor that shows it. Its text has line feeds alone, whatever the file has. */
  readonly view: EditorView
  /** Replaces the whole text by the smallest change, as one step of undo; the cursor stays where it was. */
  setText(text: string): void
  /** Calls `listener` some time after the text has changed, when the writer pauses; gives the way to stop. */
  onPause(listener: () => void): () => void
}

/** What an extension may ask for once the editor is there; `open()` is null before, and after it is closed. */
export interface ExtensionSetting {
  readonly issue: string
  readonly file: DraftFile
  open(): OpenFile | null
}

/** Adds something to the editor of one file: made once, when the file is opened. */
export type EditorExtension = (setting: ExtensionSetting) => Extension

export interface PartProps {
  readonly open: OpenFile
}

/** A panel beside the text, opened by a button of the editor's bar; `Escape` within it leads back to the text. */
export interface SidePanel {
  readonly id: string
  readonly label: string
  /** For which files there is one. */
  readonly shows: (file: DraftFile) => boolean
  readonly Panel: ComponentType<PartProps>
}

/** Rendered with the editor for as long as a file is open; shows nothing until it has to (a dialog, a progress). */
export type Companion = ComponentType<PartProps>

/** A button of the editor's bar that does something to the open text, as putting a picture into it. */
export interface BarAction {
  readonly id: string
  readonly label: string
  /** As `Ctrl+Shift+K`, said beside it; the extension binds it. */
  readonly keys?: string
  readonly shows: (file: DraftFile) => boolean
  readonly run: (open: OpenFile) => void
}
