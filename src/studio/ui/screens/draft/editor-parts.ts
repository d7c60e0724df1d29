import { CheckedText, checkPanel } from '../check/check-panel.tsx'
import { citationCards } from './citation-card.tsx'
import { CompletionKnown, completion } from './completion.tsx'
import { ImageDialogs } from './drop-image-dialog.tsx'
import { dropImage, imageAction } from './drop-image.ts'
import type { BarAction, Companion, EditorExtension, SidePanel } from './editor-part.ts'
import { formPanel } from './form.tsx'
import { lintMarks } from './lint-marks.ts'
import { pasteRich } from './paste-rich.ts'
import { pasteUrl } from './paste.ts'
import { pickSource, sourceAction, SourcePicker } from './source-picker.tsx'

/** What is plugged into the editor: one line each, in the order in which CodeMirror asks them. */
export const extensions: readonly EditorExtension[] = [
  completion,
  pasteUrl,
  pasteRich,
  citationCards,
  pickSource,
  dropImage,
  lintMarks,
]

/** In the order of their buttons. */
export const panels: readonly SidePanel[] = [formPanel, checkPanel]

export const companions: readonly Companion[] = [CompletionKnown, SourcePicker, ImageDialogs, CheckedText]

/** In the order of their buttons, after those of the panels. */
export const actions: readonly BarAction[] = [sourceAction, imageAction]
