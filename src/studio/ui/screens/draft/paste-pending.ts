import { StateEffect, StateField, type ChangeDesc, type EditorState, type Range } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'

/** Something that is on its way into the text: its place follows what is written meanwhile. */
export interface Pending {
  readonly id: number
  /** What it takes the place of; empty: it goes in there. */
  readonly from: number
  readonly to: number
  /** What is said beside it, as “Reading example.org …”. */
  readonly label: string
  readonly cancel: () => void
  /** What has changed in the text since it began; null: nothing. */
  readonly since: ChangeDesc | null
}

export const begin = StateEffect.define<Omit<Pending, 'since'>>()
export const end = StateEffect.define<number>()

let last = 0
/** Tells what is pending apart, in this page. */
export const nextPending = (): number => ++last

export const pending: StateField<readonly Pending[]> = StateField.define<readonly Pending[]>({
  create: () => [],
  update(before, { changes, docChanged, effects }) {
    let all = before
    if (docChanged && all.length > 0) {
      all = all.map((each) => ({
        ...each,
        from: changes.mapPos(each.from, 1),
        to: Math.max(changes.mapPos(each.from, 1), changes.mapPos(each.to, -1)),
        since: each.since === null ? changes.desc : each.since.composeDesc(changes.desc),
      }))
    }
    for (const effect of effects) {
      if (effect.is(begin)) all = [...all, { ...effect.value, since: null }]
      if (effect.is(end)) all = all.filter(({ id }) => id !== effect.value)
    }
    return all
  },
  provide: (field) => EditorView.decorations.from(field, shown),
})

/** What is pending under this number, as it stands now; null: it was taken back. */
export function pendingOf(state: EditorState, id: number): Pending | null {
  return state.field(pending).find((each) => each.id === id) ?? null
}

/** Takes back the newest; false: there was none. */
export function cancelLast(view: EditorView): boolean {
  const newest = view.state.field(pending).at(-1)
  if (newest === undefined) return false
  newest.cancel()
  view.dispatch({
    effects: [end.of(newest.id), EditorView.announce.of('Given up. The text stays as it is.')],
  })
  return true
}

function shown(all: readonly Pending[]): DecorationSet {
  const ranges: Range<Decoration>[] = all.flatMap(({ id, from, to, label }) => [
    ...(from < to ? [Decoration.mark({ class: 'paste-from' }).range(from, to)] : []),
    Decoration.widget({ widget: new Progress(id, label), side: 1 }).range(to),
  ])
  return Decoration.set(ranges, true)
}

class Progress extends WidgetType {
  readonly #id: number
  readonly #label: string

  constructor(id: number, label: string) {
    super()
    this.#id = id
    this.#label = label
  }

  override eq(other: Progress): boolean {
    return other.#id === this.#id
  }

  override toDOM(view: EditorView): HTMLElement {
    const box = document.createElement('span')
    box.className = 'paste-progress'
    const label = document.createElement('span')
    label.textContent = this.#label
    const cancel = document.createElement('button')
    cancel.type = 'button'
    cancel.textContent = 'Cancel'
    cancel.addEventListener('click', () => {
      pendingOf(view.state, this.#id)?.cancel()
      view.dispatch({ effects: end.of(this.#id) })
      view.focus()
    })
    box.append(label, cancel)
    return box
  }

  override ignoreEvent(): boolean {
    return true
  }
}
