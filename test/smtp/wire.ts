import type { Envelope, WireMessage } from '../../src/delivery/transport.ts'
import type { SmtpOptions } from '../../src/smtp/options.ts'

/** Options for a server on this machine that is waited for briefly. */
export function optionsFor(port: number, change: Partial<SmtpOptions> = {}): SmtpOptions {
  return {
    kind: 'smtp',
    label: 'test',
    host: '127.0.0.1',
    port,
    secure: false,
    tls: 'auto',
    auth: null,
    connections: 1,
    clientName: 'sender.test',
    timeouts: { connect: 500, reply: 300, quit: 50 },
    ...change,
  }
}

/** A message as editions make them: CRLF, no line that begins with a dot. */
export function wireMessage(name = 'one', change: Partial<WireMessage> = {}): WireMessage {
  const messageId = `<${name}@brief.test>`
  const lines = [
    'From: desk@brief.test',
    `To: ${name}@reader.test`,
    `Message-ID: ${messageId}`,
    `Subject: ${name}`,
    '',
    ...Array.from({ length: 40 }, (_, index) =>
      `Line ${index} for ${name}, =C3=BCber alles. `.repeat(2).trim(),
    ),
    '',
  ]
  return {
    from: 'desk@brief.test',
    to: `${name}@reader.test`,
    messageId,
    raw: Buffer.from(lines.join('\r\n')),
    ...change,
  }
}

export function envelopeOf({ from, to, messageId, raw }: WireMessage): Envelope {
  return { from, to, messageId, size: raw.length }
}
