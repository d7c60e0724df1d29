import { spawn } from 'node:child_process'
import { debianProgram } from '../../scripts/debian.ts'
import type { Bed } from './bed.ts'
import { printedBy, runSender } from './children.ts'
import type { Measurement } from './measure.ts'

/** One way to send so many messages to a server on this machine. */
export type Sender = (port: number, connections: number, messages: number) => Promise<Measurement>

/** Postfix’s load generator, kept connected (`-d`): every message the same, four round trips each. */
export function smtpSource(size: number): Sender {
  return async (port, connections, messages) => {
    const source = debianProgram('smtp-source')
    const addresses = '-f desk@brief.example.org -t reader@mail.example'
    const run = `${source} -d -s ${connections} -l ${size} -m ${messages} ${addresses} 127.0.0.1:${port} && times`
    const started = performance.now()
    const printed = await printedBy(spawn('sh', ['-c', run], { stdio: ['ignore', 'pipe', 'inherit'] }))
    const seconds = (performance.now() - started) / 1_000
    return { messages, seconds, cpu: (childSeconds(printed) * 1e6) / messages, peak: null }
  }
}

/** POSIX `times`: the second line is user and system time of what the shell has run. */
function childSeconds(printed: string): number {
  const line = printed.trim().split('\n').at(-1) ?? ''
  const parts = [...line.matchAll(/(\d+)m([\d.]+)s/g)]
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0)
}

/** Onrecord on a real store, with its commits; `signing` as an operator would set it. */
export function product(bed: Bed, signing: 'none' | 'rsa' | 'ed25519'): Sender {
  return async (port, connections, messages) => {
    const folder = await bed.store(messages)
    const environment = {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
      SMTP_CONNECTIONS: String(connections),
      ...signingSettings(bed, signing),
    }
    const measured = await runSender('product-process.ts', { folder, environment })
    bed.drop(folder)
    return measured
  }
}

/** The settings that sign with a key. */
export function signingSettings(bed: Bed, signing: 'none' | 'rsa' | 'ed25519'): Record<string, string> {
  const domain = { DKIM_DOMAIN: 'brief.example.org' }
  if (signing === 'rsa') return { ...domain, DKIM_SELECTOR: 'bench', DKIM_KEY_FILE: bed.rsaKey }
  if (signing === 'ed25519')
    return { ...domain, DKIM_ED25519_SELECTOR: 'bench', DKIM_ED25519_KEY_FILE: bed.ed25519Key }
  return {}
}

/** nodemailer’s pool: the same bytes to everybody, composing each, or composing and signing each. */
export function nodemailer(bed: Bed, how: 'raw' | 'compose' | 'sign'): Sender {
  return (port, connections, messages) =>
    runSender('nodemailer-process.ts', {
      ...{ how, port, connections, messages },
      parts: { html: bed.html, text: bed.text, raw: bed.raw },
      keyFile: bed.rsaKey,
    })
}

/** MJML once, then Handlebars, html-to-text and nodemailer’s pool for each person. */
export function recipe(bed: Bed): Sender {
  return (port, connections, messages) =>
    runSender('recipe-process.ts', { port, connections, messages, html: bed.html })
}
