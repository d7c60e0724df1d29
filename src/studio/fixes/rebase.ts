import type { TextEdit } from '../text-edit.ts'
import { changeOf } from './propose.ts'

/** The stretch in which two texts differ, as one edit of the first; none where they are the same. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  if (before === after) return []
  const { removed, added, lead, line } = changeOf('', before, after)
  const start = before
    .split('\n')
    .slice(0, line - 1)
    .reduce((sum, each) => sum + each.length + 1, 0)
  const from = start + lead.length
  return [{ from, to: from + removed.length, insert: added }]
}

/**
 * Edits of `before`, made in `now`, which was written from it since; null where what was written touches a line that
 * an edit is about.
 */
export function rebase(before: string, now: string, edits: readonly TextEdit[]): readonly TextEdit[] | null {
  const [written] = editsBetween(before, now)
  if (written === undefined) return edits
  const shift = written.insert.length - (written.to - written.from)
  const moved: TextEdit[] = []
  for (const edit of edits) {
    const between = before.slice(Math.min(edit.to, written.to), Math.max(edit.from, written.from))
    if (!between.includes('\n')) return null
    if (edit.to <= written.from) moved.push(edit)
    else if (edit.from >= written.to) moved.push({ ...edit, from: edit.from + shift, to: edit.to + shift })
    else return null
  }
  return moved
}
