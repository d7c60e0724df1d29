import { Annotation, StateField, Transaction, type ChangeDesc } from '@codemirror/state'
import type { Replacement } from './editor-change.ts'

/** A stretch of the text that was written here; an empty one: something was deleted here. */
interface Own {
  readonly from: number
  readonly to: number
}

/** A step of undo that puts in the words of others. */
export const othersWords = Annotation.define<true>()

/** Where the text was changed in this editor, as opposed to what was taken in from elsewhere. */
export const ownWords = StateField.define<readonly Own[]>({
  create: () => [],
  update(own, transaction) {
    if (!transaction.docChanged) return own
    const { changes } = transaction
    const mapped = own.map((each) => moved(each, changes))
    if (transaction.annotation(Transaction.remote) === true) return mapped
    // What was given up for their words is nobody's any more.
    if (transaction.annotation(othersWords) === true)
      return mapped.filter(({ from, to }, at) => from < to || !isTouched(own[at], changes))
    const added: Own[] = []
    changes.iterChangedRanges((_fromA, _toA, from, to) => added.push({ from, to }))
    return joined([...mapped, ...added])
  },
  toJSON: (own) => own.flatMap(({ from, to }) => [from, to]),
  fromJSON: (json: readonly number[]) => {
    const own: Own[] = []
    for (let index = 0; index + 1 < json.length; index += 2)
      own.push({ from: Number(json[index]), to: Number(json[index + 1]) })
    return own
  },
})

/** Whether these changes, made elsewhere, would take away what was written here, or bring back what was deleted. */
export function takesAway(own: readonly Own[], changes: readonly Replacement[]): boolean {
  return changes.some(({ from, to, insert }) =>
    own.some((each) =>
      each.from === each.to
        ? insert !== '' && from <= each.from && each.from <= to
        : from < each.to && each.from < to,
    ),
  )
}

function moved({ from, to }: Own, changes: ChangeDesc): Own {
  const start = changes.mapPos(from, from === to ? -1 : 1)
  return { from: start, to: Math.max(start, changes.mapPos(to, -1)) }
}

function isTouched(each: Own | undefined, changes: ChangeDesc): boolean {
  return each !== undefined && changes.touchesRange(each.from, each.to) !== false
}

function joined(own: readonly Own[]): readonly Own[] {
  const all: Own[] = []
  for (const each of own.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = all.at(-1)
    if (last === undefined || each.from > last.to) all.push(each)
    else if (each.to > last.to) all[all.length - 1] = { from: last.from, to: each.to }
  }
  return all
}
