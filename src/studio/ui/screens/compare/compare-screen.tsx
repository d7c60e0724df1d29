import { EmptyState } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'

/** What changed between two versions, as a reader would see it. */
export function CompareScreen(_props: IssueScreenProps) {
  return (
    <div class="page">
      <EmptyState title="Compare">This screen is not built yet.</EmptyState>
    </div>
  )
}
