import MimeNode from 'nodemailer/lib/mime-node'
import type { Edition, Recipient } from './edition.ts'
import { headerValue, mailAddress } from './header-value.ts'

/** One header: plain text that is encoded and folded, an address, a date, or a value ready as it is. */
export type Header =
  | { readonly key: string; readonly text: string }
  | { readonly key: string; readonly mailbox: { readonly name: string; readonly address: string } }
  | { readonly key: string; readonly date: Date }
  | { readonly key: string; readonly ready: string }

/**
 * The headers of one message in the order of `delivery.md`, without MIME-Version and Content-Type.
 * A test message (`unsubscribeUrl` null) carries no List-Unsubscribe.
 * @throws OnrecordError `refused` when a value could break out of its header
 */
export function messageHeaders(edition: Edition, recipient: Recipient): readonly Header[] {
  const { from, replyTo, listId, baseUrl } = edition.envelope
  const sender = mailAddress('sender’s address', from.address)
  const answers = replyTo === null ? sender : mailAddress('reply address', replyTo)
  const unsubscribe =
    recipient.unsubscribeUrl === null ? null : url('unsubscribe link', recipient.unsubscribeUrl)
  const kind = unsubscribe === null ? 'test' : 'issue'
  return [
    { key: 'From', mailbox: { name: headerValue('sender’s name', from.name), address: sender } },
    ...(replyTo === null ? [] : [{ key: 'Reply-To', mailbox: { name: '', address: answers } }]),
    { key: 'To', mailbox: { name: '', address: mailAddress('recipient’s address', recipient.address) } },
    { key: 'Subject', text: headerValue('subject', recipient.subjectPrefix + edition.subject) },
    { key: 'Date', date: new Date(recipient.date) },
    { key: 'Message-ID', ready: headerValue('message id', recipient.messageId) },
    ...(unsubscribe === null
      ? []
      : [
          // RFC 8058: a POST to this address, and nothing else, takes the reader off the list.
          { key: 'List-Unsubscribe', ready: `<${unsubscribe}>` },
          { key: 'List-Unsubscribe-Post', ready: 'List-Unsubscribe=One-Click' },
        ]),
    { key: 'List-Id', ready: `${phrase('newsletter’s name', listId.name)} <${url('list id', listId.id)}>` },
    { key: 'List-Help', ready: `<mailto:${answers}?subject=help>` },
    { key: 'List-Archive', ready: `<${url('base address', baseUrl)}/>` },
    { key: 'Feedback-ID', ready: feedbackId(edition, kind, sender) },
  ]
}

/** `issue:newsletter:kind:sender`; the last one 5 to 15 characters, as Gmail's feedback loop wants it. */
function feedbackId(edition: Edition, kind: string, sender: string): string {
  const plain = (text: string): string => text.replace(/[^A-Za-z0-9._-]+/g, '-')
  const domain = sender
    .slice(sender.lastIndexOf('@') + 1)
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
  return [plain(edition.issue), plain(edition.newsletter), kind, domain.slice(0, 15).padEnd(5, 'x')].join(':')
}

/** An RFC 5322 phrase: a quoted string, or encoded words where it is not ASCII. */
function phrase(what: string, text: string): string {
  headerValue(what, text)
  if (/^[\u0020-\u007e]*$/.test(text)) return `"${text.replace(/(["\\])/g, '\\$1')}"`
  return MimeNode.encodeHeaderValue('Subject', text)
}

/** An address that may stand between angle brackets on one line. */
function url(what: string, text: string): string {
  if (headerValue(what, text) && !/[\s<>]/.test(text) && /^[\u0021-\u007e]{1,900}$/.test(text)) return text
  throw new Error(`the ${what} cannot stand in a header`)
}
