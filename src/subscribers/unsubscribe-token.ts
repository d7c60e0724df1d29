import type { Tokens } from '../core/token.ts'

/** Whom an unsubscribe link is about. */
export interface Unsubscribing {
  /** `Subscriber.publicId`: random, so that the link tells nothing about the list. */
  readonly publicId: string
  readonly newsletter: string
}

const purpose = 'unsubscribe'

/** The token of a `List-Unsubscribe` link (RFC 8058): bound to person and newsletter, never expires. */
export function unsubscribeToken(tokens: Tokens, who: Unsubscribing): string {
  return tokens.sign(purpose, `${who.publicId}:${who.newsletter}`)
}

/** Whom a token of ours is about, or null for any other text. */
export function openUnsubscribeToken(tokens: Tokens, token: string): Unsubscribing | null {
  const payload = tokens.open(purpose, token)
  // The last character of base64 has bits that decode to nothing: only the one true spelling counts.
  if (payload === null || tokens.sign(purpose, payload) !== token) return null
  const match = /^([a-z2-7]{20}):([a-z0-9-]+)$/.exec(payload)
  if (match === null) return null
  const [, publicId = '', newsletter = ''] = match
  return { publicId, newsletter }
}
