import type { FixChange } from '../../../contract/fix.ts'

/** So much of a line is shown around what changes. */
const AROUND = 60

/** What a fix does to its line: what goes is struck out, what comes is underlined, each said as such. */
export function FixPreview({ change, id }: { readonly change: FixChange; readonly id?: string }) {
  const { lead, removed, added, tail } = change
  return (
    <div class="check-change" id={id}>
      <span class="soft">{`Line ${change.line}: `}</span>
      {lead.length > AROUND ? `…${lead.slice(-AROUND)}` : lead}
      {removed !== '' && (
        <del>
          <span class="visually-hidden">removed: </span>
          {removed}
        </del>
      )}
      {added !== '' && (
        <ins>
          <span class="visually-hidden">added: </span>
          {added}
        </ins>
      )}
      {tail.length > AROUND ? `${tail.slice(0, AROUND)}…` : tail}
    </div>
  )
}
