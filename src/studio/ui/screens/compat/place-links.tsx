import type { TextPlace } from '../../../contract/finding.ts'
import { placeInWords, PlaceLink } from '../../shell/place-link.tsx'

/** The ways to a place: its line in the text, and its block in the picture. */
export function PlaceLinks({ issue, place }: { readonly issue: string; readonly place: TextPlace }) {
  return (
    <>
      <PlaceLink {...{ issue, place }} />
      <PlaceLink {...{ issue, place }} to="preview">
        In the picture<span class="visually-hidden">: {placeInWords(place)}</span>
      </PlaceLink>
    </>
  )
}
