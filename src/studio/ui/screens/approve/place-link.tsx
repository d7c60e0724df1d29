import type { ComponentChildren } from 'preact'
import type { TextPlace } from '../../../contract/finding.ts'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'

/** Leads to a place in the text. */
export function PlaceLink({
  issue,
  place: { file, line, column },
  children,
}: {
  readonly issue: string
  readonly place: TextPlace
  readonly children: ComponentChildren
}) {
  return (
    <a
      href={href({ screen: 'issue', issue, tab: 'draft' })}
      onClick={() => reveal({ in: 'draft', file, line, column, focus: true })}
    >
      {children}
    </a>
  )
}
