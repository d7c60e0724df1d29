import { generateKeyPairSync } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { writeEdition } from '../../src/cli/build.ts'
import { loadConfig } from '../../src/config.ts'
import type { Transport } from '../../src/delivery/transport.ts'
import { buildEditions } from '../../src/email/build.ts'
import { sampleRecipient } from '../../src/email/compile.ts'
import { openComposer } from '../../src/email/composer.ts'
import { createSigner } from '../../src/email/dkim.ts'
import type { Edition, Recipient } from '../../src/email/edition.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { headerLines } from '../../src/outbox/headers.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { previewEdition } from '../../src/studio/preview-edition.ts'
import { startSink, type Sink } from '../delivery/sink.ts'
import { decodeQuotedPrintable } from './plain-forms.ts'

const sample = join(import.meta.dirname, '..', '..')
const dir = mkdtempSync(join(tmpdir(), 'onrecord-same-'))
const { privateKey } = generateKeyPairSync('ed25519')
const signer = createSigner([{ algorithm: 'ed25519', domain: 'brief.test', selector: 's', privateKey }])

let sink: Sink
let app: App
let transport: Transport
let editions: readonly Edition[]
beforeAll(async () => {
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    cpSync(join(sample, name), join(dir, name), { recursive: true })
  greetIn('templates/weekly/text/issue.txt.hbs', '{{masthead}}')
  greetIn('templates/weekly/email/partials/footer.hbs', '<p>You receive')
  sink = await startSink()
  const config = loadConfig({ dir, environment: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
  app = await openApp(config)
  transport = await app.openTransport()
  const { publication, baseUrl } = config
  const loaded = await loadIssue(dir, '2025-w46', publication)
  const template = await loadTemplate(join(dir, 'templates/weekly'))
  const built = await buildEditions(loaded, { publication, baseUrl, template })
  expect(built.findings.filter(({ severity }) => severity === 'error')).toEqual([])
  editions = built.editions
})
afterAll(async () => {
  await transport.close()
  await app.close()
  await sink.close()
  rmSync(dir, { recursive: true })
})

/** A greeting before the first `place` of a template. */
function greetIn(file: string, place: string): void {
  const source = readFileSync(join(dir, file), 'utf8')
  expect(source).toContain(place)
  const greeting = '{{#present "name"}}Dear {{slot "name"}}!{{else}}Dear reader!{{/present}}'
  const html = place.startsWith('<') ? `<p>${greeting}</p>` : `${greeting}\n\n`
  writeFileSync(join(dir, file), source.replace(place, html + place))
}

test.each([
  ['subscriber', null],
  ['subscriber', 'Zoë “Z” <Öst>'],
  ['member', null],
  ['member', '{{slot "address"}}'],
] as const)('preview, build and the wire show one %s named %j the same bytes', async (tier, name) => {
  const edition = editions.find((each) => each.tier === tier)
  if (edition === undefined) throw new Error(`there is no ${tier} edition`)
  const reader: Recipient = { ...sampleRecipient(edition), name, unsubscribeUrl: 'https://brief.test/u/a.b' }
  const shown = await previewEdition(edition, reader)
  const files = await writeEdition(join(dir, 'build'), edition, reader)
  const wire = await received(edition, reader)

  expect(readFileSync(files.eml, 'latin1')).toBe(wire)
  const head = Buffer.from(wire.slice(0, wire.indexOf('\r\n\r\n')), 'latin1').toString('utf8')
  expect(shown.headers).toEqual(headerLines(head))
  const [text, html] = wire
    .split(/\r\n--=_onrecord[^\r]*\r\n/)
    .slice(1, 3)
    .map((part) => decodeQuotedPrintable(part.slice(part.indexOf('\r\n\r\n') + 4)))
  for (const of of [
    shown,
    { html: readFileSync(files.html, 'utf8'), text: readFileSync(files.text, 'utf8') },
  ])
    expect({ html: crlf(of.html), text: crlf(of.text) }).toEqual({ html, text })
  expect(text).toContain(`Dear ${name ?? 'reader'}!`)
  expect(html).toContain(name === null ? '<p>Dear reader!</p>' : '<p>Dear ')
  expect(html).not.toContain(name === null ? 'Dear <' : 'Dear reader')
})

/** What a server got of a signed message, without its signature. */
async function received(edition: Edition, reader: Recipient): Promise<string> {
  const raw = await openComposer(edition, signer).compose(reader)
  const { address: to, messageId } = reader
  const outcome = await transport.send({ from: edition.envelope.from.address, to, messageId, raw })
  expect(outcome.state).toBe('accepted')
  const whole = sink.messages.get(to) ?? ''
  expect(whole).toMatch(/^DKIM-Signature: /)
  return whole.replace(/^DKIM-Signature: .*\r\n(?:[ \t].*\r\n)*/, '')
}

function crlf(text: string): string {
  return text.replaceAll('\n', '\r\n')
}
