// What a good tutorial recommends: MJML has been compiled once; for each person Handlebars fills the HTML, html-to-text
// makes the text part of it, and nodemailer’s pool composes and sends.
import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import { convert } from 'html-to-text'
import { createTransport } from 'nodemailer'
import { eachAtOnce } from './each-at-once.ts'
import { measure, report } from './measure.ts'

interface Options {
  readonly port: number
  readonly connections: number
  readonly messages: number
  /** A file: with ADDRESS and LINK where it differs for each person. */
  readonly html: string
}

const { port, connections, messages, html } = JSON.parse(process.argv[2] ?? '') as Options
const template = Handlebars.compile(
  readFileSync(html, 'utf8').replaceAll('ADDRESS', '{{address}}').replaceAll('LINK', '{{link}}'),
)
const pool = createTransport({
  pool: true,
  host: '127.0.0.1',
  port,
  maxConnections: connections,
  maxMessages: Number.POSITIVE_INFINITY,
  ignoreTLS: true,
})

const measured = await measure(async () => {
  await eachAtOnce(messages, connections * 2, async (index) => {
    const address = `reader.${index}@mail.example`
    const filled = template({ address, link: `https://brief.example.org/u/${index}` })
    await pool.sendMail({
      from: 'desk@brief.example.org',
      to: address,
      subject: 'Talks end in Istanbul',
      html: filled,
      text: convert(filled),
    })
  })
  return messages
})
pool.close()
report(measured)
