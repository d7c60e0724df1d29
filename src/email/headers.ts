import type { Edition } from './edition.ts'
import { bracketed, headerValue, mailAddress } from './header-value.ts'
import { phrase } from './phrase.ts'
import type { HeaderSlot, MessageKind } from './wire.ts'

/** What is compiled: an edition before it is hashed and measured. */
export type Compilable = Omit<Edition, 'hash' | 'bytes' | 'wire'>

/** One header: plain text that is encoded and folded, an address, or a value ready as it is. */
export type Header =
  | { readonly key: string; readonly text: string; readonly slot?: 'subject' }
  | { readonly key: string; readonly mailbox: { readonly name: string; readonly address: string } }
  | { readonly key: string; readonly ready: string }
  | { readonly key: string; readonly slot: Exclude<HeaderSlot, 'subject'> }

/**
 * The headers of an edition's messages in the order of `delivery.md`, without MIME-Version and
 * Content-Type. A test message carries no List-Unsubscribe.
 * @throws OnrecordError `refused` when a value could break out of its header
 */
export function messageHeaders(edition: Compilable, kind: MessageKind): readonly Header[] {
  const { from, replyTo, listId, baseUrl } = edition.envelope
  const sender = mailAddress('sender’s address', from.address)
  const answers = replyTo === null ? sender : mailAddress('reply address', replyTo)
  const list = phrase(headerValue('newsletter’s name', listId.name))
  return [
    { key: 'From', mailbox: { name: headerValue('sender’s name', from.name), address: sender } },
    ...(replyTo === null ? [] : [{ key: 'Reply-To', mailbox: { name: '', address: answers } }]),
    { key: 'To', slot: 'to' },
    { key: 'Subject', text: headerValue('subject', edition.subject), slot: 'subject' },
    { key: 'Date', slot: 'date' },
    { key: 'Message-ID', slot: 'messageId' },
    ...(kind === 'test'
      ? []
      : [
          // RFC 8058: a POST to this address, and nothing else, takes the reader off the list.
          { key: 'List-Unsubscribe', slot: 'unsubscribe' } as const,
          { key: 'List-Unsubscribe-Post', ready: 'List-Unsubscribe=One-Click' },
        ]),
    { key: 'List-Id', ready: `${list} ${bracketed('list id', listId.id)}` },
    { key: 'List-Help', ready: `<mailto:${encodeURIComponent(answers).replace('%40', '@')}?subject=help>` },
    { key: 'List-Archive', ready: bracketed('base address', `${baseUrl}/`) },
    { key: 'Feedback-ID', ready: feedbackId(edition, kind, sender) },
  ]
}

/** `issue:newsletter:kind:sender`; the last one 5 to 15 characters, as Gmail's feedback loop wants it. */
function feedbackId(
  edition: Pick<Edition, 'issue' | 'newsletter'>,
  kind: MessageKind,
  sender: string,
): string {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-')
  const domain = sender
    .slice(sender.lastIndexOf('@') + 1)
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
  return [plain(edition.issue), plain(edition.newsletter), kind, domain.slice(0, 15).padEnd(5, 'x')].join(':')
}
