import type { FixChange } from '../../../contract/fix.ts'

/** So much of a line is shown around what changes. */
const AROUND = 60

/** What a fix does to its line: what goes is struck out, what comes is underlined, each said as such. */
export function FixPreview({ change, id }: { readonly change: FixChange; readonly id?: string }) {
  const { lead, removed, added, tail } = wholeWords(change)
  return (
    <div class="check-change" id={id}>
      <span class="soft">{`Line ${change.line}: `}</span>
      <bdi>
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
      </bdi>
    </div>
  )
}

/** One letter struck out in the middle of a word is not seen: what is shown goes from word to word. */
function wholeWords(change: FixChange): FixChange {
  const { lead, removed, added, tail } = change
  const before = /[\p{L}\p{N}_@-]*$/u.exec(lead)?.[0] ?? ''
  const after = /^[\p{L}\p{N}_-]*/u.exec(tail)?.[0] ?? ''
  // Between two words something is only put in.
  const isBetween = removed === '' && /^\s|\s$/u.test(added)
  if (isBetween) return change
  return {
    ...change,
    lead: lead.slice(0, lead.length - before.length),
    removed: before + removed + after,
    added: before + added + after,
    tail: tail.slice(after.length),
  }
}
