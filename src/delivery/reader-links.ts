import type { Tokens } from '../core/token.ts'
import type { Edition, Recipient } from '../email/edition.ts'
import { unsubscribeToken } from '../subscribers/unsubscribe-token.ts'
import { viewToken } from '../subscribers/view-token.ts'

/** The links in one person's message: to leave, and to its issue as they may see it. The same on every attempt. */
export function readerLinks(
  tokens: Tokens,
  { issue, newsletter, envelope: { baseUrl } }: Pick<Edition, 'issue' | 'newsletter' | 'envelope'>,
  publicId: string,
): Required<Pick<Recipient, 'unsubscribeUrl' | 'viewUrl'>> {
  return {
    unsubscribeUrl: `${baseUrl}/u/${unsubscribeToken(tokens, { publicId, newsletter })}`,
    viewUrl: `${baseUrl}/v/${viewToken(tokens, issue, publicId)}`,
  }
}
