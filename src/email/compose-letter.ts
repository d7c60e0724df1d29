import { createHash } from 'node:crypto'
import MimeNode from 'nodemailer/lib/mime-node'
import { headerDate } from './header-slots.ts'
import { bracketed, headerValue, mailAddress } from './header-value.ts'
import type { Letter } from './letter.ts'
import { encodeText } from './quoted-printable.ts'
import { relaxedField } from './relaxed.ts'
import type { Signer } from './signer.ts'

/** Nothing in a letter is read from a file or an address. */
const closed = { disableFileAccess: true, disableUrlAccess: true } as const

/** nodemailer cannot write a local part that is not ASCII (RFC 6532). */
const STAND_IN = 'somebody@slot.invalid'

/**
 * A letter as the wire gets it, written as issues are: multipart/alternative with the text first, or the text alone,
 * quoted-printable, CRLF line ends, no line that begins with a dot; signed where there is a signer.
 * `Auto-Submitted` (RFC 3834 §5) keeps answering machines quiet.
 * @throws OnrecordError `refused` when an address or a value could break out of its header
 */
export async function composeLetter(letter: Letter, signer: Signer | null): Promise<Buffer> {
  const { from, replyTo, to, subject, text, html, messageId, date } = letter
  const root = new MimeNode(html === null ? 'text/plain; charset=utf-8' : 'multipart/alternative', {
    ...closed,
    // Quoted-printable has no “=_”: no line of a part can be taken for the boundary.
    boundaryPrefix: '=_onrecord',
    baseBoundary: createHash('sha256').update(messageId).digest('hex').slice(0, 24),
  })
  const recipient = mailAddress('recipient’s address', to)
  const sender = mailAddress('sender’s address', from.address)
  root.addHeader('From', { name: headerValue('sender’s name', from.name), address: sender })
  if (replyTo !== null)
    root.addHeader('Reply-To', { name: '', address: mailAddress('reply address', replyTo) })
  root.addHeader('To', STAND_IN)
  root.addHeader('Subject', headerValue('subject', subject))
  root.addHeader('Date', headerDate(date))
  root.addHeader('Message-ID', prepared(bracketed('message id', messageId.replace(/^<(.*)>$/, '$1'))))
  root.addHeader('Auto-Submitted', prepared('auto-generated'))
  if (html === null) root.setHeader('Content-Transfer-Encoding', 'quoted-printable')
  const head = root.buildHeaders().replace(/^To: .*$/m, () => `To: ${recipient}`)
  // One line end at the end, as what is signed has it (RFC 6376 §3.4.4).
  const body = html === null ? encodeText(text.trimEnd() + '\n', 'closed') : bothParts(root, text, html)
  const message = `${head}\r\n\r\n${body}`
  if (signer === null) return Buffer.from(message)
  const fields = head.split(/\r\n(?![ \t])/).map(relaxedField)
  const bodyHash = createHash('sha256').update(body).digest()
  return Buffer.from((await signer.sign(fields, bodyHash, Math.floor(date / 1000))) + message)
}

function bothParts(root: MimeNode, text: string, html: string): string {
  const parts = (
    [
      ['text/plain', text],
      ['text/html', html],
    ] as const
  ).map(([type, content]) => {
    const part = root.createChild(`${type}; charset=utf-8`, closed)
    part.setHeader('Content-Transfer-Encoding', 'quoted-printable')
    return `--${root.boundary}\r\n${part.buildHeaders()}\r\n\r\n${encodeText(content, 'closed')}\r\n`
  })
  return `${parts.join('')}--${root.boundary}--\r\n`
}

/** Written as it is: it has passed a check of its own. */
function prepared(value: string): { readonly prepared: true; readonly value: string } {
  return { prepared: true, value }
}
