/** Elements that are bold by themselves. */
export const bolds: ReadonlySet<string> = new Set(['b', 'strong', 'th', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/** Font sizes by element, as shares of the one around. */
export const sizes: Readonly<Record<string, number>> = {
  h1: 2,
  h2: 1.5,
  h3: 1.17,
  h5: 0.83,
  h6: 0.67,
  small: 5 / 6,
  sub: 5 / 6,
  sup: 5 / 6,
  big: 1.2,
}

/** `display` by element; the rest is inline. */
export const displays: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'address article aside blockquote body center div dl dt dd figure figcaption footer form h1 h2 h3 h4 h5 h6 header hr html main nav ol p pre section ul'
      .split(' ')
      .map((tag) => [tag, 'block']),
  ),
  ...Object.fromEntries(
    'head style script title meta link base template noscript'.split(' ').map((tag) => [tag, 'none']),
  ),
  li: 'list-item',
  table: 'table',
  tbody: 'table-row-group',
  thead: 'table-header-group',
  tfoot: 'table-footer-group',
  tr: 'table-row',
  td: 'table-cell',
  th: 'table-cell',
  caption: 'table-caption',
}
