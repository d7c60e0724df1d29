import type { Dialogue } from './dialogue.ts'
import { SmtpFailure } from './outcome.ts'
import type { Reply } from './reply.ts'

export interface Credentials {
  readonly user: string
  readonly pass: string
}

/**
 * AUTH PLAIN (RFC 4616), or LOGIN where only that is offered.
 * @throws SmtpFailure when the server will not have us
 */
export async function authenticate(
  dialogue: Dialogue,
  offered: readonly string[],
  { user, pass }: Credentials,
): Promise<void> {
  let reply: Reply
  if (offered.includes('PLAIN')) {
    reply = await dialogue.ask(`AUTH PLAIN ${base64(`\0${user}\0${pass}`)}`, 'auth')
  } else if (offered.includes('LOGIN')) {
    reply = await dialogue.ask('AUTH LOGIN', 'auth')
    if (reply.code === 334) reply = await dialogue.ask(base64(user), 'auth')
    if (reply.code === 334) reply = await dialogue.ask(base64(pass), 'auth')
  } else {
    const message =
      offered.length === 0
        ? 'the server asks for no password: take user and password out of SMTP_URL, or set another port'
        : `the server offers AUTH ${offered.join(' ')}, and neither PLAIN nor LOGIN: set SMTP_CLIENT=nodemailer`
    throw new SmtpFailure({ stage: 'auth', reply: null, message, refusal: 'fatal' })
  }
  if (reply.code === 235) return
  // A server may quote what it was told: no password goes into a row or a log.
  const text = [pass, base64(pass), base64(`\0${user}\0${pass}`)].reduce(
    (said, secret) => (secret === '' ? said : said.replaceAll(secret, '…')),
    reply.text,
  )
  throw new SmtpFailure({ stage: 'auth', reply: text, message: text })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
