import { EmptyState } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'

/** The text of an issue: its files, the editor, the form. */
export function DraftScreen(_props: IssueScreenProps) {
  return (
    <div class="page">
      <EmptyState title="Draft">This screen is not built yet.</EmptyState>
    </div>
  )
}
