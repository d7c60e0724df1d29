// nodemailer’s pool, as its documentation has it: `raw` (one message made before), `compose`, or `sign` (composing and
// DKIM, RSA-2048). Its address and link are put in for every recipient. Nothing is kept of what was sent.
import { readFileSync } from 'node:fs'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { eachAtOnce } from './each-at-once.ts'
import { measure, report } from './measure.ts'

export interface Options {
  readonly how: 'raw' | 'compose' | 'sign'
  readonly port: number
  readonly connections: number
  readonly messages: number
  readonly parts: { readonly html: string; readonly text: string; readonly raw: string }
  readonly keyFile: string
}

const { how, port, connections, messages, parts, keyFile } = JSON.parse(process.argv[2] ?? '') as Options
const [html, text, raw] = [parts.html, parts.text, parts.raw].map((file) => readFileSync(file, 'utf8'))
const pool = createTransport({
  pool: true,
  host: '127.0.0.1',
  port,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
  ...(how === 'sign'
    ? {
        dkim: {
          domainName: 'brief.example.org',
          keySelector: 'bench',
          privateKey: readFileSync(keyFile, 'utf8'),
        },
      }
    : {}),
})
const from = 'desk@brief.example.org'
const rawBytes = Buffer.from(raw ?? '')

function message(index: number): SendMailOptions {
  const to = `reader.${index}@mail.example`
  if (how === 'raw') return { envelope: { from, to }, raw: rawBytes }
  const fill = (part: string): string =>
    part.replaceAll('ADDRESS', to).replaceAll('LINK', `https://brief.example.org/u/${index}`)
  return {
    from,
    to,
    subject: 'Talks end in Istanbul',
    html: fill(html ?? ''),
    text: fill(text ?? ''),
    textEncoding: 'quoted-printable',
  }
}

const measured = await measure(async () => {
  await eachAtOnce(messages, connections * 2, (index) => pool.sendMail(message(index)))
  return messages
})
pool.close()
report(measured)
