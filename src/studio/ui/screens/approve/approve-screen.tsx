import { EmptyState } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'

/** From draft to approved, and the sources ticked off. */
export function ApproveScreen(_props: IssueScreenProps) {
  return (
    <div class="page">
      <EmptyState title="Approve">This screen is not built yet.</EmptyState>
    </div>
  )
}
