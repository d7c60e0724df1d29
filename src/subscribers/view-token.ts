import type { Tokens } from '../core/token.ts'

/** Whom and which issue a “view in browser” link is about. */
export interface Viewing {
  readonly publicId: string
  readonly issue: string
  /** Of a link that is mailed apart from the issue: when, in milliseconds since the epoch; null: with it. */
  readonly mailedAt: number | null
}

const purpose = 'view'

/**
 * The token of a link to one issue as the person may see it. It names nobody to whoever it is forwarded to,
 * opens no other issue and no account, and holds no tier: what it shows is decided when it is opened
 * (`Accounts.viewTier`), so that leaving, being erased or revoking one's links closes it.
 *
 * @param mailedAt of a link that goes out later than the issue did, such as that of a welcome: it was not there when
 *   links were taken back before
 */
export function viewToken(
  tokens: Tokens,
  issue: string,
  publicId: string,
  mailedAt: number | null = null,
): string {
  return tokens.sign(purpose, `${publicId}:${issue}${mailedAt === null ? '' : `:${mailedAt}`}`)
}

/** What a token of ours is about, or null for any other text. */
export function openViewToken(tokens: Tokens, token: string): Viewing | null {
  const payload = tokens.open(purpose, token)
  // The last character of base64 has bits that decode to nothing: only the one true spelling counts.
  if (payload === null || tokens.sign(purpose, payload) !== token) return null
  const match = /^([a-z2-7]{20}):([a-zA-Z0-9][a-zA-Z0-9_-]*)(?::(\d{1,15}))?$/.exec(payload)
  if (match === null) return null
  const [, publicId = '', issue = '', mailedAt] = match
  return { publicId, issue, mailedAt: mailedAt === undefined ? null : Number(mailedAt) }
}
