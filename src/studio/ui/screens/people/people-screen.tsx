import { useEffect } from 'preact/hooks'
import type { Shelf } from '../../../contract/issues.ts'
import { EmptyState } from '../../parts/notice.tsx'

/** The subscribers; with a name, one of them. */
export function PeopleScreen(_props: { readonly person: string | null; readonly shelf: Shelf | null }) {
  useEffect(() => {
    document.title = 'People'
  }, [])
  return (
    <div class="page">
      <h1>People</h1>
      <EmptyState title="Not here yet">
        <p>
          Until this screen is built: <code>onrecord subscribers list</code>
        </p>
      </EmptyState>
    </div>
  )
}
