import type { ComponentChildren } from 'preact'

/** A stranger’s address, opened beside the studio without telling it where one came from; any other scheme is text. */
export function OutsideLink({
  to,
  children,
}: {
  readonly to: string
  readonly children?: ComponentChildren
}) {
  const scheme = URL.parse(to)?.protocol
  if (scheme !== 'http:' && scheme !== 'https:') return <span>{children ?? to}</span>
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children ?? to}
      <span class="visually-hidden"> (opens in a new tab)</span>
    </a>
  )
}
