/** Query parameters that say how a reader came to a page, never which page it is. */
const trackingNames: ReadonlySet<string> = new Set([
  'cid',
  'campaign',
  'cmpid',
  'cmp',
  'dclid',
  'fbclid',
  'gclid',
  'gbraid',
  'wbraid',
  'igshid',
  'mc_cid',
  'mc_eid',
  'mkt_tok',
  'msclkid',
  'ocid',
  'smid',
  'srsltid',
  'traffic_source',
  'twclid',
  'yclid',
  '_ga',
  '_gl',
  '_hsenc',
  '_hsmi',
])

const trackingPrefixes = ['utm_', 'at_', 'mtm_', 'pk_', 'hsa_'] as const

/** What an address of a source is, or why it cannot be one. */
export type SourceUrl =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'malformed' }
  /** A scheme other than http and https, or a user name in the address. */
  | { readonly kind: 'refused' }

/** Reads an address of the ledger; the result has no tracking parameters and no text directive. */
export function readSourceUrl(text: string): SourceUrl {
  const written = text.trim()
  if (!URL.canParse(written)) return { kind: 'malformed' }
  const url = new URL(written)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return { kind: 'refused' }
  if (url.username !== '' || url.password !== '') return { kind: 'refused' }
  if (!url.hostname.includes('.') && !url.hostname.startsWith('[') && url.hostname !== 'localhost') {
    return { kind: 'malformed' }
  }
  url.search = withoutTracking(url.search)
  url.hash = url.hash.replace(/:~:.*$/su, '')
  return { kind: 'url', url: url.href.replace(/#$/u, '') }
}

/**
 * A key under which all spellings of one page's address meet, or null where `text` is none:
 * scheme, `www.`, case of the host, default port, tracking parameters, a trailing slash and a
 * fragment are left out (a hash-routed page, `#/` or `#!`, keeps its fragment). Not an address.
 */
export function canonicalUrl(text: string): string | null {
  const written = text.trim()
  if (!URL.canParse(written)) return null
  const url = new URL(written)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
  const host = url.hostname.replace(/^www\./u, '').replace(/\.$/u, '')
  const port = url.port === '' ? '' : `:${url.port}`
  const path = plainPath(url.pathname).replace(/\/+$/u, '')
  const hash = isHashRoute(url) ? plainPath(url.hash.replace(/:~:.*$/su, '')) : ''
  return `${host}${port}${path}${plainPath(withoutTracking(url.search))}${hash}`
}

/** Whether the page is chosen by its fragment, which then has no room for a passage. */
export function isHashRoute(url: URL): boolean {
  return /^#[/!]/u.test(url.hash)
}

function withoutTracking(search: string): string {
  const kept = search
    .replace(/^\?/u, '')
    .split('&')
    .filter((pair) => pair !== '' && !isTracking(pair))
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

function isTracking(pair: string): boolean {
  const name = decoded(pair.split('=')[0] ?? '').toLowerCase()
  return trackingNames.has(name) || trackingPrefixes.some((prefix) => name.startsWith(prefix))
}

/** `%61` and `a` are one letter; what is no valid escape stays as it is. */
function plainPath(path: string): string {
  return decoded(path)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
