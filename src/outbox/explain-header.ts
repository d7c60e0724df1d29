import type { HeaderLine } from './headers.ts'

/** What each known field is for, in a sentence; names in lower case. */
const meanings: Readonly<Record<string, string>> = {
  from: 'Who it is from, as the reader sees it (RFC 5322).',
  sender: 'Who sent it, where that is not who it is from.',
  to: 'Whom it is for. Where it really goes, the server is told apart from this.',
  cc: 'Who gets a copy, as everybody can see.',
  bcc: 'Who gets a copy unseen. It should not be in a message that was sent.',
  'reply-to': 'Where an answer goes.',
  subject: 'The subject, as it stands in a list of mail.',
  date: 'When it was first sent, as the sender says; the same on every attempt.',
  'message-id':
    'Its name: no other message has it. A second copy has the same, and a mail program shows one.',
  'in-reply-to': 'The name of the message that it answers.',
  references: 'The names of the messages of the same conversation.',
  'list-unsubscribe':
    'How to get off the list: mail programs show a button for it beside the sender (RFC 2369).',
  'list-unsubscribe-post':
    'Says that one click of that button is enough; the mail program sends it for the reader (RFC 8058).',
  'list-id': 'Which newsletter it is, by a name that stays: readers can sort by it (RFC 2919).',
  'list-help': 'Where to ask for help with the newsletter (RFC 2369).',
  'list-archive': 'Where earlier issues are (RFC 2369).',
  'list-subscribe': 'How to subscribe (RFC 2369).',
  'list-post': 'How to write to the list, or that nobody can (RFC 2369).',
  'list-owner': 'Whom to ask who runs the list (RFC 2369).',
  'dkim-signature':
    'The sender’s signature: who changes the text or these fields on the way breaks it (RFC 6376).',
  'arc-seal': 'A forwarding server vouches for what it saw before it changed anything (RFC 8617).',
  'arc-message-signature': 'A forwarding server’s own signature (RFC 8617).',
  'arc-authentication-results': 'What a forwarding server found of the signatures (RFC 8617).',
  'authentication-results':
    'What the receiving server found of SPF, DKIM and DMARC. Believe it only of your own server (RFC 8601).',
  'received-spf': 'What the receiving server found of the sender’s address (RFC 7208).',
  'return-path': 'Where a bounce goes; the receiving server writes it (RFC 5321).',
  'delivered-to': 'The mailbox that it was put in.',
  received: 'One server on its way, and when it was there; the newest stands first (RFC 5321).',
  'mime-version': 'Says that the message may have several parts (RFC 2045); always 1.0.',
  'content-transfer-encoding': 'How letters beyond ASCII are written for the way (RFC 2045).',
  'content-disposition': 'Whether a part is shown or is an attachment (RFC 2183).',
  'content-id': 'A part’s name, by which the HTML can show it (RFC 2392).',
  'content-language': 'The language that it is in (RFC 3282).',
  'feedback-id': 'By this Gmail counts complaints, for the sender: which issue, list, kind and sender.',
  'auto-submitted': 'Says that a program sent it, so that no absence notice answers (RFC 3834).',
  precedence: 'An old way to say that it is bulk mail and nobody’s absence notice should answer.',
  'x-auto-response-suppress': 'Asks Exchange not to answer with absence notices.',
  organization: 'The sender’s organisation, as they say.',
  'user-agent': 'The program that wrote it.',
  'x-mailer': 'The program that wrote it.',
  'x-priority': 'How urgent the sender finds it; most programs look away.',
  importance: 'How urgent the sender finds it; most programs look away.',
}

/** What a header field is for, in plain words; with what its value says, where that can be told. */
export function explainHeader({ name, value }: HeaderLine): string {
  const key = name.toLowerCase()
  if (key === 'content-type') return contentType(value)
  // Not by a plain look-up: a field may be called “constructor”.
  const meaning = Object.hasOwn(meanings, key) ? meanings[key] : undefined
  if (meaning !== undefined)
    return key === 'content-transfer-encoding' ? `${meaning}${encoding(value)}` : meaning
  if (key.startsWith('list-')) return 'Something about the newsletter that it belongs to.'
  return key.startsWith('x-')
    ? 'A field of one program’s own: others do not know it.'
    : 'A field that is not well known; mail programs do not show it.'
}

function contentType(value: string): string {
  const type = value.slice(0, 100).split(';')[0]?.trim().toLowerCase() ?? ''
  switch (type) {
    case 'multipart/alternative':
      return 'The same words in several forms, plain text and HTML: a mail program shows the best that it can (RFC 2046).'
    case 'multipart/mixed':
      return 'Several parts one after the other, such as attachments (RFC 2046).'
    case 'multipart/related':
      return 'HTML with the images that it shows (RFC 2387).'
    case 'text/html':
      return 'HTML alone.'
    case 'text/plain':
      return 'Plain text alone.'
    default:
      return 'What the message consists of (RFC 2045).'
  }
}

function encoding(value: string): string {
  switch (value.trim().toLowerCase()) {
    case 'quoted-printable':
      return ' Here “=C3=BC” is a letter and a “=” at the end of a line joins two.'
    case 'base64':
      return ' Here all of it is in letters and digits that mean nothing to the eye.'
    default:
      return ''
  }
}
