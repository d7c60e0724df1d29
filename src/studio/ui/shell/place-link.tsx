import type { ComponentChildren } from 'preact'
import type { TextPlace } from '../../contract/finding.ts'
import { href, isPlainClick } from './routes.ts'
import { reveal, type Reveal } from './workspace.ts'

export interface PlaceLinkProps {
  readonly issue: string
  readonly place: Omit<Reveal, 'in' | 'focus'>
  /** Its line in the text (default), or its block in the picture. */
  readonly to?: 'draft' | 'preview'
  readonly class?: string
  /** Default: “file.md, line 12”. */
  readonly children?: ComponentChildren
}

/** Leads to a place of an issue. */
export function PlaceLink({ issue, place, to = 'draft', class: name, children }: PlaceLinkProps) {
  return (
    <a
      class={name}
      href={href({ screen: 'issue', issue, tab: to })}
      onClick={(event) => isPlainClick(event) && reveal({ ...place, in: to, focus: true })}
    >
      {children ?? placeInWords(place)}
    </a>
  )
}

/** “file.md, line 12”. */
export function placeInWords({ file, line }: TextPlace): string {
  return `${file.split('/').at(-1) ?? file}, line ${line}`
}
