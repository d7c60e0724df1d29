import type { Tokens } from '../core/token.ts'

/** Whom and which issue a “view in browser” link is about. */
export interface Viewing {
  readonly publicId: string
  readonly issue: string
}

const purpose = 'view'

/**
 * The token of a link to one issue as the person may see it. It names nobody to whoever it is forwarded to,
 * opens no other issue and no account, and holds no tier: what it shows is decided when it is opened
 * (`Accounts.viewTier`), so that leaving, being erased or revoking one's links closes it.
 */
export function viewToken(tokens: Tokens, issue: string, publicId: string): string {
  return tokens.sign(purpose, `${publicId}:${issue}`)
}

/** What a token of ours is about, or null for any other text. */
export function openViewToken(tokens: Tokens, token: string): Viewing | null {
  const payload = tokens.open(purpose, token)
  // The last character of base64 has bits that decode to nothing: only the one true spelling counts.
  if (payload === null || tokens.sign(purpose, payload) !== token) return null
  const match = /^([a-z2-7]{20}):([a-zA-Z0-9][a-zA-Z0-9_-]*)$/.exec(payload)
  if (match === null) return null
  const [, publicId = '', issue = ''] = match
  return { publicId, issue }
}
