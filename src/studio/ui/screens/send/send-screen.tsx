import { EmptyState } from '../../parts/notice.tsx'
import type { IssueScreenProps } from '../../shell/issue-frame.tsx'

/** To whom, how many, when; then how it goes. */
export function SendScreen(_props: IssueScreenProps) {
  return (
    <div class="page">
      <EmptyState title="Send">This screen is not built yet.</EmptyState>
    </div>
  )
}
