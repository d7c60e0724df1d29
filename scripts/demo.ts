// `npm run demo`: the main job from files to inboxes, on embedded defaults.
//   npm run demo                  ends with a local site until Ctrl-C
//   npm run demo -- --no-serve    ends after the send
//   npm run demo -- --data <dir>  keeps its store elsewhere than data/demo
import { generateKeyPairSync } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openApp, type App } from '../src/app.ts'
import { onSignal } from '../src/cli/interruption.ts'
import { readyIssue } from '../src/cli/ready-issue.ts'
import { duration, number, progressLine, progressText } from '../src/cli/round-text.ts'
import { changeLine } from '../src/cli/send-report.ts'
import { loadConfig, type Config } from '../src/config.ts'
import { messageOf, OnrecordError } from '../src/core/errors.ts'
import { sendIssue, type SendReport } from '../src/delivery/send-issue.ts'
import { openDesk } from '../src/desk/open-desk.ts'
import { loadIssue } from '../src/issue/load.ts'
import { importSubscribers } from '../src/subscribers/import.ts'
import { sampleSubscribers } from './sample-subscribers.ts'
import { freshStudioUi } from './studio-ui.ts'

const ISSUE = '2025-w46'
const PEOPLE = 1_000
const root = join(import.meta.dirname, '..')

const { values } = parseArgs({
  options: {
    'no-serve': { type: 'boolean', default: false },
    data: { type: 'string', default: 'data/demo' },
    port: { type: 'string', default: process.env['PORT'] ?? '4870' },
  },
})

const interruption = new AbortController()
const interrupt = onSignal(interruption, () => process.exit(130))
process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)

try {
  process.exitCode = await demo()
} catch (error) {
  console.error(messageOf(error))
  if (error instanceof OnrecordError && error.hint !== null) console.error(`  → ${error.hint}`)
  process.exitCode = 1
}

async function demo(): Promise<number> {
  const dataDir = resolve(root, values.data)
  const config = demoConfig(dataDir)
  const app = await openApp(config)
  try {
    console.log(`Onrecord demo: “${config.publication.name}”, issue ${ISSUE}\n`)
    line('store', `${relative(process.cwd(), app.label)}, SQLite; no other service`)
    await importPeople(app, dataDir)
    const report = await checkBuildAndSend(app)
    if (report.interrupted) {
      console.log('\nInterrupted; what was sent is saved. “npm run demo” goes on where it stopped.')
      return 130
    }
    if (values['no-serve']) return report.status.state === 'done' ? 0 : 1
    await serve(app)
    return 0
  } finally {
    await app.close()
  }
}

function demoConfig(dataDir: string): Config {
  mkdirSync(dataDir, { recursive: true })
  const key = join(dataDir, 'dkim.pem')
  if (!existsSync(key)) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    })
    writeFileSync(join(dataDir, 'dkim.pub.pem'), publicKey)
    writeFileSync(key, privateKey, { mode: 0o600 })
  }
  return loadConfig({
    dir: root,
    dataDir,
    environment: {
      // Nothing of the operator's own settings: the demo is a rehearsal on loopback.
      BASE_URL: baseUrlOf(dataDir),
      PORT: values.port,
      DATABASE_URL: `sqlite:${join(dataDir, 'onrecord.db')}`,
      SMTP_URL: '',
      SECRET_KEY: '',
      DKIM_DOMAIN: 'brief.example.org',
      DKIM_SELECTOR: 'demo',
      DKIM_KEY_FILE: key,
    },
  })
}

/** The first run's address, kept: another port must not make another edition, and so another rehearsal. */
function baseUrlOf(dataDir: string): string {
  const file = join(dataDir, 'base-url')
  if (!existsSync(file)) writeFileSync(file, `http://127.0.0.1:${Number(values.port) + 1}\n`)
  return readFileSync(file, 'utf8').trim()
}

async function importPeople(app: App, dataDir: string): Promise<void> {
  const file = join(dataDir, 'subscribers.csv')
  writeFileSync(file, sampleSubscribers(PEOPLE))
  const result = await importSubscribers(app.subscribers, createReadStream(file), {
    newsletters: ['weekly'],
    newsletter: 'weekly',
    newsletterColumn: false,
    tier: null,
    source: 'demo',
    map: new Map(),
    now: Date.now(),
    dryRun: false,
    signal: interruption.signal,
  })
  const { subscriber, member } = await app.deliveries.audience('weekly')
  const known = result.added === 0 ? 'already here' : `${number(result.added)} imported`
  line('people', `${number(subscriber)} subscribers and ${number(member)} members, invented (${known})`)
}

async function checkBuildAndSend(app: App): Promise<SendReport> {
  const { config } = app
  const { publication } = config
  const loaded = await loadIssue(root, ISSUE, publication)
  const findings = await openDesk(config.dataDir).check(loaded, publication)
  const errors = findings.filter((each) => each.severity === 'error' && each.waived === null).length
  const ready = await readyIssue(app, ISSUE)
  const { sources } = ready.editions.member.sources
  const warnings = findings.filter((each) => each.severity === 'warning' && each.waived === null)
  const undated = warnings.filter((each) => each.rule === 'DC103').length
  line(
    'check',
    `${errors} errors over ${sources.length} sources; ${warnings.length} warnings, ${undated} of them that a page’s day of reading is not known`,
  )
  const sizes = Object.values(ready.editions).map(
    (edition) => `${edition.tier} ${Math.round(edition.bytes.html / 1024)} KB`,
  )
  line('build', `“${ready.editions.member.subject}”: ${sizes.join(', ')}`)

  const transport = await app.openTransport()
  const started = Date.now()
  let lastNote = 0
  try {
    const report = await sendIssue(app, ISSUE, {
      transport,
      ready: async () => ready,
      publish: true,
      interrupted: interruption.signal,
      onProgress(status) {
        if (process.stderr.isTTY) {
          process.stderr.write(`\r\x1b[2K  ${progressLine(status, process.stderr.columns ?? 80, null)}`)
        } else if (Date.now() - lastNote > 1_000) {
          lastNote = Date.now()
          process.stderr.write(`  sending: ${progressText(status)}\n`)
        }
      },
    })
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K')
    await tell(app, report, Date.now() - started)
    return report
  } finally {
    await transport.close()
  }
}

async function tell(app: App, report: SendReport, took: number): Promise<void> {
  const { status } = report
  const sent = status.accepted - report.acceptedBefore
  if (report.change !== null) line('changed', changeLine(report.change, report.how, ISSUE))
  if (report.how === 'again' && sent === 0) {
    line('send', `nothing: all ${number(status.accepted)} have it already, and nobody gets a second copy`)
  } else {
    const before = report.acceptedBefore > 0 ? `, after ${number(report.acceptedBefore)} earlier` : ''
    line('send', `${number(sent)} messages over SMTP to the outbox in ${duration(took)}${before}`)
  }
  line(
    'states',
    `${number(status.accepted)} accepted, ${status.rejected} refused, ${status.unknown} unknown, of ${number(status.total)}`,
  )
  line('signed', `DKIM rsa-sha256, d=${app.config.dkim[0]?.domain}; List-Unsubscribe under the signature`)
  line(
    'kept',
    `one file a message in ${relative(process.cwd(), join(app.config.dataDir, 'outbox'))}: a rehearsal, nobody was mailed`,
  )
  if (status.unknown > 0) {
    const round = await app.deliveries.round(ISSUE, report.kind)
    const unknown = round === null ? [] : await app.deliveries.unknowns(round.id)
    line('unknown', 'a crash came between their body and the answer; they are held, never sent twice:')
    for (const each of unknown) console.log(`              ${each.address}  ${each.messageId}`)
  }
}

/** The studio, and the site on a port of its own, until Ctrl-C. */
async function serve(app: App): Promise<void> {
  await freshStudioUi()
  const { startLocal } = await import('../src/cli/local.ts')
  const local = await startLocal(app, { port: Number(values.port) })
  if (local.siteUrl !== app.config.baseUrl) {
    line('note', `links in the mails lead to ${app.config.baseUrl}, where the demo was served first`)
  }
  console.log(`
  ${local.url}/                       the studio: drafts, checks, previews, approval, sending
  ${local.url}/outbox                 the outbox: every message as it was received
  ${local.siteUrl}/issues/${ISSUE}        the issue’s public web page

Ctrl-C ends.`)
  await new Promise<void>((done) => {
    if (interruption.signal.aborted) done()
    interruption.signal.addEventListener('abort', () => done(), { once: true })
  })
  await local.close()
}

function line(what: string, text: string): void {
  console.log(`  ${what.padEnd(10)}  ${text}`)
}
