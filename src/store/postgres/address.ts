/** Where a PostgreSQL store is. */
export interface PostgresAddress {
  readonly kind: 'postgres'
  /** With user and password: for the client alone, never for an eye. */
  readonly url: string
  /** `postgres://host:port/database`. */
  readonly label: string
}

/** What libpq means by them; `prefer` and `allow`, which may come to no encryption unseen, are not offered. */
const sslModes = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * Reads `postgres://user:password@host:port/database?sslmode=…`, or with `?host=/run/postgresql` a socket; null where
 * it is none.
 */
export function postgresAddress(text: string): PostgresAddress | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')) return null
  const { searchParams: given, pathname, username, password } = url
  const isWhole = pathname.length > 1 && !/[/@]/.test(pathname.slice(1))
  if (!isWhole || (url.hostname === '' && !given.has('host'))) return null
  if (![username, password, pathname].every(isEncoded)) return null
  const mode = given.get('sslmode')
  if (mode !== null && !sslModes.includes(mode)) return null
  // The client's own meaning of these modes is another one.
  if (mode !== null) given.set('uselibpqcompat', 'true')
  return { kind: 'postgres', url: url.href, label: postgresLabel(url.href) }
}

/** Without user and password. */
export function postgresLabel(url: string): string {
  const { hostname, port, pathname, searchParams: given } = new URL(url)
  const host = given.get('host') ?? hostname
  const at = given.get('port') ?? port
  return `postgres://${host.startsWith('/') ? '' : host}${at === '' ? '' : `:${at}`}${pathname}`
}

function isEncoded(part: string): boolean {
  try {
    decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}
