import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { backupStore } from '../../src/store/backup.ts'
import { fill, tallyOf } from '../../test/faults/kill-run.ts'
import { startSender } from '../../test/faults/start-sender.ts'
import { writeKey } from '../../test/faults/write-key.ts'
import { startMailServer } from './mail-server.ts'
import type { Part, Row } from './part.ts'
import { touchEach, verifiers, verify, writeRecords } from './signatures.ts'

const SELECTORS = {
  rsa: 'fault._domainkey.brief.example.org',
  ed25519: 'fault-ed._domainkey.brief.example.org',
}
const CONNECTIONS = 10

/**
 * A send to a real mail server, both keys signing, with backups made meanwhile; every Message-ID is
 * counted in its mailbox, and two independent verifiers look at every message.
 */
export async function deliveryPart(part: Part, people: number): Promise<Row[]> {
  const folder = join(part.folder, 'delivery')
  mkdirSync(folder)
  const rsa = writeKey(folder, 'rsa')
  const ed25519 = writeKey(folder, 'ed25519')
  await fill({ folder, people })
  const server = await startMailServer(join(part.folder, 'mail-server'))
  try {
    const settings = { folder, port: server.port, connections: CONNECTIONS }
    const { child, end } = startSender({ ...settings, keyFile: rsa.file, secondKeyFile: ed25519.file })
    const backups: string[] = []
    while (child.exitCode === null) {
      await sleep(2_000)
      const tally = await tallyOf(folder)
      if (tally === null || child.exitCode !== null) continue
      part.say(`${tally.accepted} accepted by Postfix, ${backups.length} backups`)
      backups.push(await backup(folder, join(folder, `backup-${backups.length}.db`)))
      await sleep(8_000)
    }
    const accepted = (await end)?.status.accepted ?? 0
    while (server.waiting() > 0) {
      part.say(`${server.waiting()} wait in Postfix’s queue`)
      await sleep(2_000)
    }
    const whole = backups.map((file) => inspect(file)).filter((total) => total === people).length
    return [
      {
        what: `backups made during a send of ${people.toLocaleString('en')}`,
        bar: 'integrity ok, Σ states constant',
        found: `${whole} of ${backups.length}`,
        held: whole === backups.length && backups.length > 0,
      },
      ...(await readBack(part, server.mailbox, { people, accepted, rsa, ed25519, folder })),
    ]
  } finally {
    server.close()
  }
}

async function backup(folder: string, to: string): Promise<string> {
  const { signal } = new AbortController()
  const store = join(folder, 'onrecord.db')
  const { file } = await backupStore({
    store,
    dataDir: folder,
    to,
    force: false,
    now: Date.now(),
    signal,
    onAdvance: () => undefined,
  })
  return file
}

/** How many deliveries a backup holds; null when SQLite finds it damaged. */
function inspect(file: string): number | null {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const [verdict] = Object.values(database.prepare('pragma integrity_check').get() ?? {})
    if (verdict !== 'ok') return null
    return Number(database.prepare('select count(*) as n from delivery').get()?.['n'])
  } finally {
    database.close()
  }
}

async function readBack(
  part: Part,
  mailbox: string,
  sent: {
    readonly people: number
    readonly accepted: number
    readonly rsa: ReturnType<typeof writeKey>
    readonly ed25519: ReturnType<typeof writeKey>
    readonly folder: string
  },
): Promise<Row[]> {
  const records = join(sent.folder, 'records.json')
  writeRecords(records, {
    [SELECTORS.rsa]: sent.rsa.publicKey,
    [SELECTORS.ed25519]: sent.ed25519.publicKey,
  })
  const [first = ''] = readdirSync(mailbox)
  const touched = join(sent.folder, 'touched')
  touchEach(join(mailbox, first), touched)
  const rows: Row[] = []
  for (const verifier of verifiers) {
    part.say(`${verifier} verifies every message`)
    const all = await verify(verifier, mailbox, records)
    if (all.messageIds !== undefined && all.messageIds.length > 0) {
      const ids = new Set(all.messageIds)
      rows.push({
        what: `a send of ${sent.people.toLocaleString('en')} to Debian’s Postfix, counted in its Maildir`,
        bar: 'each Message-ID once',
        found: `${all.messageIds.length} messages, ${ids.size} Message-IDs, ${sent.accepted} accepted`,
        held: [all.messageIds.length, ids.size, sent.accepted].every((count) => count === sent.people),
      })
    }
    const broken = await verify(verifier, touched, records)
    const fooled = Object.values(broken.others).filter((said) => said.includes('pass')).length + broken.passed
    const copies = readdirSync(touched).length
    rows.push({
      what: `DKIM, RSA-2048 and Ed25519, of every message, by ${verifier}`,
      bar: `all pass; none of ${copies} touched copies does`,
      found: `${all.passed} pass, ${Object.keys(all.others).length} do not; ${fooled} touched copies pass`,
      held: all.passed === sent.people && fooled === 0 && copies > 20,
    })
    for (const [name, said] of Object.entries(all.others).slice(0, 3)) part.say(`${name}: ${said.join(', ')}`)
  }
  return rows
}
