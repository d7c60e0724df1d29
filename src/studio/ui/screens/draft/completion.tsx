import {
  autocompletion,
  startCompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete'
import type { EditorView, Rect } from '@codemirror/view'
import { useEffect } from 'preact/hooks'
import type { FormRequest, FrontmatterForm } from '../../../contract/frontmatter.ts'
import type { SourceList } from '../../../contract/sources.ts'
import { apiPath, post } from '../../shell/api.ts'
import { isFileOf, useLoaded } from '../../shell/changes.ts'
import { completeCitation } from './completion-citations.ts'
import { completeDirective } from './completion-directives.ts'
import { completeFront } from './completion-front.ts'
import { known, tellKnown } from './completion-known.ts'
import type { EditorExtension, PartProps } from './editor-part.ts'
import './completion.css'

/** Citations, directives and frontmatter complete themselves, where nothing else can be meant. */
export const completion: EditorExtension = ({ file }) =>
  file.kind === 'ledger'
    ? []
    : [
        known,
        autocompletion({
          override: [completeCitation, completeDirective, completeFront].map(live),
          icons: false,
          maxRenderedOptions: 80,
          tooltipClass: () => 'completion',
          positionInfo: placeInfo,
        }),
      ]

/** CodeMirror makes what is said of an option no wider, in pixels. */
const INFO_WIDTH = 400

/** Beside the list, or where there is no room below or above all of it: it covers no other option. */
function placeInfo(
  _view: EditorView,
  list: Rect,
  option: Rect,
  info: Rect,
  space: Rect,
): { readonly style: string; readonly class: string } {
  const height = info.bottom - info.top
  const onRight = space.right - list.right >= INFO_WIDTH
  if (onRight || list.left - space.left >= INFO_WIDTH) {
    const top = Math.max(space.top, Math.min(option.top, space.bottom - height)) - list.top
    return { style: `top: ${top}px; ${onRight ? 'left' : 'right'}: 100%`, class: '' }
  }
  const isBelow = space.bottom - list.bottom >= height
  return { style: `${isBelow ? 'top' : 'bottom'}: 100%; left: 0`, class: '' }
}

/** Goes along with what is typed at once: while a list is asked for anew, Enter would be a line break. */
function live(source: (context: CompletionContext) => CompletionResult | null): typeof source {
  const complete: typeof source = (context) => {
    const found = source(context)
    return found && { ...found, update: (_result, _from, _to, next) => complete(next) }
  }
  return complete
}

/** Tells the editor what there is: the issue’s sources, and what its frontmatter may say. */
export function CompletionKnown({ open }: PartProps) {
  const { issue, file, view } = open
  const isText = file.kind !== 'ledger'
  const list = useLoaded<SourceList>(
    isText ? apiPath(['issues', issue, 'sources']) : null,
    (change) => change.what === 'file' && isFileOf(issue, change.path),
    { keeps: true },
  )
  useEffect(() => {
    if (list.value === null) return
    const isFirst = view.state.field(known).sources.length === 0
    view.dispatch({ effects: tellKnown.of({ sources: list.value.sources }) })
    // Whoever was faster than the list gets it now.
    const { head } = view.state.selection.main
    if (isFirst && view.hasFocus && /@[\w-]*$/u.test(view.state.sliceDoc(Math.max(0, head - 60), head)))
      startCompletion(view)
  }, [view, list.value])
  useEffect(() => {
    if (!isText) return
    let wanted = true
    const request: FormRequest = { path: file.path, text: view.state.doc.toString(), set: {} }
    post<FrontmatterForm>('/api/frontmatter', request).then(
      ({ fields }) => wanted && fields.length > 0 && view.dispatch({ effects: tellKnown.of({ fields }) }),
      // Nothing is completed, then.
      () => undefined,
    )
    return () => {
      wanted = false
    }
  }, [view, isText])
  return null
}
