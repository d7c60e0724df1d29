import type { PublicationHead } from '../../../contract/issues.ts'
import { OutsideLink } from '../outside-link.tsx'

/** A message's text, whose addresses of the web can be followed. */
export function LinkedText({
  text,
  publication,
}: {
  readonly text: string | null
  readonly publication: PublicationHead | null
}) {
  if (text === null) return <p class="soft">It has no text part: some programs make one of the HTML.</p>
  return (
    <pre class="plain message-text">
      {text
        .split(/(https?:\/\/[^\s<>"]+)/)
        .map((part, index) =>
          index % 2 === 0 ? part : <Followed key={`${index}`} url={part} publication={publication} />,
        )}
    </pre>
  )
}

function Followed({
  url,
  publication,
}: {
  readonly url: string
  readonly publication: PublicationHead | null
}) {
  // What ends a sentence is not of the address.
  const end = /[.,;:!?)\]]*$/.exec(url)?.[0] ?? ''
  const bare = url.slice(0, url.length - end.length)
  return (
    <>
      <OutsideLink to={addressHere(bare, publication)}>{bare}</OutsideLink>
      {end}
    </>
  )
}

/** Where a link is followed from here: to the site on this machine, where there is one. */
export function addressHere(url: string, publication: PublicationHead | null): string {
  if (publication === null || publication.siteUrl === null) return url
  if (!url.startsWith(`${publication.baseUrl}/`)) return url
  return publication.siteUrl + url.slice(publication.baseUrl.length)
}
