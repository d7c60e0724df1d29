import type { TextPlace } from '../../../contract/finding.ts'
import { href } from '../../shell/routes.ts'
import { reveal } from '../../shell/workspace.ts'

/** The ways to a place: its line in the text, and its block in the picture. */
export function PlaceLinks({ issue, place }: { readonly issue: string; readonly place: TextPlace }) {
  const name = place.file.split('/').at(-1) ?? place.file
  return (
    <>
      <a
        href={href({ screen: 'issue', issue, tab: 'draft' })}
        onClick={() => reveal({ ...place, in: 'draft', focus: true })}
      >
        {`${name}, line ${place.line}`}
      </a>
      <a
        href={href({ screen: 'issue', issue, tab: 'preview' })}
        onClick={() => reveal({ ...place, in: 'preview', focus: true })}
      >
        In the picture<span class="visually-hidden">: {`${name}, line ${place.line}`}</span>
      </a>
    </>
  )
}
