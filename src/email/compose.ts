import { createHash } from 'node:crypto'
import MimeNode from 'nodemailer/lib/mime-node'
import type { Edition, Recipient } from './edition.ts'
import { messageHeaders, type Header } from './headers.ts'
import { personalise } from './personalise.ts'

/** Nothing in a message is read from a file or an address. */
const closed = { disableFileAccess: true, disableUrlAccess: true } as const

/**
 * One person's message: RFC 5322 and MIME, multipart/alternative with the text first, UTF-8 in
 * quoted-printable, CRLF line ends. The same inputs give the same bytes. Unsigned.
 * @throws OnrecordError `refused` when a header value or an address holds a control character
 */
export async function composeMessage(edition: Edition, recipient: Recipient): Promise<Buffer> {
  const { html, text } = personalise(edition, recipient)
  const root = new MimeNode(undefined, {
    ...closed,
    newline: 'win',
    boundaryPrefix: '=_onrecord',
    baseBoundary: createHash('sha256').update(recipient.messageId).digest('hex').slice(0, 24),
  })
  for (const header of messageHeaders(edition, recipient)) root.addHeader(header.key, valueOf(header))
  root.setHeader('Content-Type', 'multipart/alternative')
  addPart(root, 'text/plain', text)
  addPart(root, 'text/html', html)
  return root.build()
}

function addPart(root: MimeNode, type: string, content: string): void {
  root
    .createChild(`${type}; charset=utf-8`, closed)
    .setHeader('Content-Transfer-Encoding', 'quoted-printable')
    .setContent(content)
}

function valueOf(header: Header) {
  if ('text' in header) return header.text
  if ('mailbox' in header) return { name: header.mailbox.name, address: header.mailbox.address }
  if ('date' in header) return header.date
  return { prepared: true, value: header.ready }
}
