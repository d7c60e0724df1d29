import { RangeSet, StateEffect, StateField, type EditorState, type Range } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  gutter,
  GutterMarker,
  hoverTooltip,
  keymap,
  showTooltip,
  type Tooltip,
} from '@codemirror/view'
import type { CheckFinding, IssueCheck } from '../../../contract/check.ts'
import { severities } from '../check/words.ts'
import type { EditorExtension } from './editor-part.ts'
import { placeIn, type Placed } from './lint-place.ts'
import { openTip } from './lint-tip.tsx'

interface Lint {
  readonly check: IssueCheck | null
  /** Of this file and not waived, in the order of the text; their places move with it. */
  readonly marks: readonly Mark[]
  readonly decorations: RangeSet<Decoration>
  /** The key of the finding that the keyboard went to. */
  readonly shown: string | null
}

export interface Mark extends Placed {
  readonly finding: CheckFinding
}

/** What the desk has found, whenever it is known anew. */
export const setCheck = StateEffect.define<IssueCheck>()
/** A finding was mended here; the next check says the rest. */
const mended = StateEffect.define<string>()
const showMark = StateEffect.define<string | null>()

/** The findings at their places in the text: underlined, in the margin, with a card that says more and mends them. */
export const lintMarks: EditorExtension = (setting) => {
  let kept: { readonly key: string; readonly create: Tooltip['create'] } | null = null
  const field = StateField.define<Lint>({
    create: () => ({ check: null, marks: [], decorations: Decoration.none, shown: null }),
    update(lint, transaction) {
      let { check, marks, shown } = lint
      let isNew = false
      if (transaction.docChanged) {
        marks = marks.flatMap((mark) => {
          const from = transaction.changes.mapPos(mark.from, 1)
          const to = transaction.changes.mapPos(mark.to, -1)
          return to > from || mark.from === mark.to ? [{ ...mark, from, to: Math.max(from, to) }] : []
        })
        isNew = true
        if (transaction.isUserEvent('input') || transaction.isUserEvent('delete')) shown = null
      }
      for (const effect of transaction.effects) {
        if (effect.is(setCheck)) {
          check = effect.value
          marks = marksOf(check, setting.file.path, transaction.newDoc)
          isNew = true
        } else if (effect.is(mended)) {
          const { value } = effect
          marks = marks.filter(({ finding }) => finding.key !== value)
          isNew = true
        } else if (effect.is(showMark)) {
          shown = effect.value
          isNew = true
        }
      }
      if (!isNew) return lint
      if (!marks.some(({ finding }) => finding.key === shown)) shown = null
      return { check, marks, shown, decorations: decorated(marks, shown) }
    },
    provide: (own) => [
      EditorView.decorations.from(own, ({ decorations }) => decorations),
      showTooltip.compute([own], (state) => {
        const mark = shownMark(state.field(own))
        if (mark === null) kept = null
        return mark === null ? null : tooltip(mark, own, true)
      }),
    ],
  })
  const goTo =
    (step: 1 | -1) =>
    (view: EditorView): boolean => {
      const mark = nextMark(view.state, view.state.field(field), step)
      if (mark === null) {
        view.dispatch({ effects: EditorView.announce.of('Nothing is found in this file.') })
        return true
      }
      const { word } = severities[mark.finding.severity]
      view.dispatch({
        selection: { anchor: mark.from },
        effects: [
          showMark.of(mark.finding.key),
          EditorView.scrollIntoView(mark.from, { y: 'center' }),
          EditorView.announce.of(`${word}: ${mark.finding.message}`),
        ],
        userEvent: 'select',
      })
      view.focus()
      return true
    }
  const close = (view: EditorView): boolean => {
    if (view.state.field(field).shown === null) return false
    view.dispatch({ effects: showMark.of(null) })
    return true
  }
  return [
    field,
    gutter({
      class: 'cm-check-gutter',
      lineMarker: (view, line) => worstIn(view.state.field(field).marks, line.from, line.to),
      lineMarkerChange: (update) => update.startState.field(field) !== update.state.field(field),
      domEventHandlers: {
        mousedown(view, line) {
          const { marks } = view.state.field(field)
          const mark = marks.find(({ from }) => from >= line.from && from <= line.to)
          if (mark === undefined) return false
          view.dispatch({ selection: { anchor: mark.from }, effects: showMark.of(mark.finding.key) })
          view.focus()
          return true
        },
      },
    }),
    hoverTooltip((view, at) => {
      const { marks, shown } = view.state.field(field)
      const over = marks.filter(({ from, to }) => from <= at && at <= to)
      const narrowest = over.toSorted((a, b) => a.to - a.from - (b.to - b.from))[0]
      if (narrowest === undefined || narrowest.finding.key === shown) return null
      return tooltip(narrowest, field, false)
    }),
    keymap.of([
      { key: 'F8', run: goTo(1), shift: goTo(-1), preventDefault: true },
      {
        key: 'Mod-.',
        preventDefault: true,
        run(view) {
          const { marks, shown } = view.state.field(field)
          const { head } = view.state.selection.main
          const at = marks.find(({ from, to }) => from <= head && head <= to)
          if (shown === null && at === undefined) return false
          if (shown === null && at !== undefined) view.dispatch({ effects: showMark.of(at.finding.key) })
          // After the card is drawn.
          requestAnimationFrame(() => view.dom.querySelector<HTMLElement>('.check-tip button')?.focus())
          return true
        },
      },
      { key: 'Escape', run: close },
    ]),
  ]

  function tooltip({ from, to, finding }: Mark, own: StateField<Lint>, isKept: boolean): Tooltip {
    // A card that stays is drawn once, whatever is checked meanwhile: somebody may be writing in it.
    if (isKept && kept?.key === finding.key) return { pos: from, end: to, create: kept.create }
    const create: Tooltip['create'] = (view) =>
      openTip({
        issue: setting.issue,
        open: setting.open(),
        finding,
        rule: view.state.field(own).check?.rules[finding.rule],
        onMended(key) {
          view.dispatch({ effects: [mended.of(key), showMark.of(null)] })
          view.focus()
        },
        onClose() {
          view.dispatch({ effects: showMark.of(null) })
          view.focus()
        },
        onStep: (step) => void goTo(step)(view),
        isKept,
      })
    if (isKept) kept = { key: finding.key, create }
    return { pos: from, end: to, create }
  }
}

function shownMark({ marks, shown }: Lint): Mark | null {
  return marks.find(({ finding }) => finding.key === shown) ?? null
}

function marksOf(check: IssueCheck, file: string, doc: EditorState['doc']): readonly Mark[] {
  return check.findings
    .flatMap((finding): Mark[] => {
      if (finding.file !== file || finding.waived !== null) return []
      const place = placeIn(doc, finding)
      return place === null ? [] : [{ ...place, finding }]
    })
    .toSorted((a, b) => a.from - b.from || a.to - b.to)
}

function decorated(marks: readonly Mark[], shown: string | null): RangeSet<Decoration> {
  const ranges = marks.flatMap(({ from, to, finding }): Range<Decoration>[] => {
    if (to === from) return []
    const names = ['cm-check-mark', finding.severity, ...(finding.key === shown ? ['shown'] : [])]
    return [Decoration.mark({ class: names.join(' ') }).range(from, to)]
  })
  return RangeSet.of(ranges, true)
}

/** The next one after the cursor, or after the one that is shown; after the last comes the first. */
function nextMark(state: EditorState, { marks, shown }: Lint, step: 1 | -1): Mark | null {
  const at = marks.findIndex(({ finding }) => finding.key === shown)
  if (at !== -1) return marks.at((at + step) % marks.length) ?? null
  const { head } = state.selection.main
  const next =
    step === 1 ? marks.find(({ from }) => from >= head) : marks.findLast(({ from }) => from <= head)
  return next ?? marks.at(step === 1 ? 0 : -1) ?? null
}

class SeverityMarker extends GutterMarker {
  readonly severity: CheckFinding['severity']
  readonly words: string

  constructor(severity: CheckFinding['severity'], words: string) {
    super()
    this.severity = severity
    this.words = words
  }

  override eq(other: SeverityMarker): boolean {
    return other.severity === this.severity && other.words === this.words
  }

  override toDOM(): Node {
    const sign = document.createElement('span')
    sign.className = `check-sign ${this.severity}`
    sign.textContent = severities[this.severity].sign
    sign.title = this.words
    return sign
  }
}

const ranks = { error: 0, warning: 1, info: 2 } as const

/** The sign of the gravest of a line's findings. */
function worstIn(marks: readonly Mark[], from: number, to: number): SeverityMarker | null {
  const here = marks.filter((mark) => mark.from >= from && mark.from <= to).map(({ finding }) => finding)
  const worst = here.toSorted((a, b) => ranks[a.severity] - ranks[b.severity])[0]
  if (worst === undefined) return null
  const words = here.length === 1 ? worst.message : `${here.length} findings; the first: ${worst.message}`
  return new SeverityMarker(worst.severity, words)
}
