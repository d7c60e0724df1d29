import type { CheckFinding, Fixed } from '../../../contract/check.ts'
import type { Fix, FixChange } from '../../../contract/fix.ts'
import { say } from '../../parts/toast.tsx'
import { apiPath, post } from '../../shell/api.ts'
import type { OpenFile } from '../draft/editor-part.ts'

/** Carries out fixes. Each rejects with an ApiError whose sentence a person can use. */
export interface Mending {
  readonly issue: string
  run(finding: CheckFinding, fix: Fix, answer: string | null): Promise<void>
  preview(finding: CheckFinding, fix: Fix, answer: string): Promise<FixChange>
}

/** What was written to the disk, so that it can be taken back. */
export interface WrittenFix {
  readonly label: string
  readonly fixed: Fixed
}

/**
 * Mends in the open text, as one step of undo, what is of its file; anything else on the disk.
 *
 * @param onMended told of what the finding was, as soon as it is done
 */
export function mendingOf(
  issue: string,
  open: OpenFile | null,
  onMended: (finding: CheckFinding, written: WrittenFix | null) => void,
): Mending {
  const request = (finding: CheckFinding, fix: Fix, answer: string | null) => ({
    key: finding.key,
    fix: fix.id,
    answer,
    open: open === null ? null : { path: open.file.path, text: open.view.state.doc.toString() },
  })
  return {
    issue,
    async run(finding, fix, answer) {
      const copied = /^copy:(.+)$/.exec(fix.id)?.[1]
      if (copied !== undefined) {
        await post(apiPath(['issues', issue, 'sources', copied, 'copy']), {})
        onMended(finding, null)
        return say('A copy of the page is kept.')
      }
      const asked = request(finding, fix, answer)
      const fixed = await post<Fixed>(apiPath(['issues', issue, 'fix']), asked)
      if (fixed.hash !== null || open === null) {
        onMended(finding, { label: fix.label, fixed })
        // On Check itself it is said in place, with the way back.
        if (open !== null) say(`Done in ${fixed.path}: ${fix.label}.`)
        return
      }
      // What was typed while it was on its way stays; the text it was made for is not there any more.
      if (open.view.state.doc.toString() !== asked.open?.text) {
        throw new Error('The text was changed meanwhile. Try it again.')
      }
      open.setText(fixed.text)
      onMended(finding, null)
      say(`Done: ${fix.label}.`)
    },
    preview: (finding, fix, answer) =>
      post<FixChange>(apiPath(['issues', issue, 'fix', 'preview']), request(finding, fix, answer)),
  }
}
