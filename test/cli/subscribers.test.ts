import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, afterEach, expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

const main = join(import.meta.dirname, '../../src/cli/main.ts')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onrecord-cli-people-'))
  writeFileSync(
    join(folder, 'onrecord.yaml'),
    `name: The Brief
url: https://brief.example.org
from: { name: The Brief, address: brief@example.org }
postalAddress: 1 Elm Street
newsletters:
  weekly: { name: Weekly }
`,
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function subscribers(...args: string[]): Promise<Ran> {
  const { code, stdout, stderr } = await runCommand(['subscribers', ...args], { cwd: folder })
  return { code, out: stdout, err: stderr }
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

test('an import says what became of every row, and lists the refused ones', async () => {
  write(
    'people.csv',
    'Email,Name,Tier\nada@example.org,Ada,member\nbob@example.org,Bob,\nnobody,,\neve@example.org,,gold\n',
  )
  expect(await subscribers('import', 'people.csv')).toEqual({
    code: 0,
    err: '',
    out: `people.csv: 4 rows read
  2  added
  0  updated
  0  unchanged
  2  refused

Of those that are not refused:
  1  is a member

Refused:
  1  with an address that cannot be written to
  1  with a tier, state or newsletter that is not known

  line 4  The address has no @.
  line 5  There is no tier “gold”.
`,
  })
  const { code, out, err } = await subscribers('list')
  expect([code, out]).toEqual([
    0,
    'ada@example.org  member      confirmed  Ada\nbob@example.org  subscriber  confirmed  Bob\n',
  ])
  expect(err).toContain('In all 2: 2 confirmed (1 as subscribers, 1 as members)')
})

test('an import as JSON has the shape that scripts rely on', async () => {
  write('people.csv', 'email\nada@example.org\nnobody\n')
  const { code, out, err } = await subscribers('import', 'people.csv', '--json')
  expect([code, err]).toEqual([0, ''])
  expect(JSON.parse(out)).toEqual({
    read: 2,
    added: 1,
    updated: 0,
    unchanged: 0,
    members: 0,
    optOuts: { left: 0, suppressed: 0 },
    refusals: { address: 1 },
    refused: [{ line: 3, reason: 'The address has no @.' }],
    columns: { system: null, used: { email: 'address' }, unused: [] },
  })
})

test('an import of which no row could be taken exits 1, one that cannot begin says why', async () => {
  write('people.csv', 'email\nnobody\n')
  expect((await subscribers('import', 'people.csv')).code).toBe(1)
  write('empty.csv', '')
  expect(await subscribers('import', 'empty.csv')).toEqual({
    code: 1,
    out: '',
    err: 'The file is empty.\n  → its first line must name the columns\n',
  })
  expect(await subscribers('import', 'none.csv')).toMatchObject({ code: 1, out: '' })
  expect(await subscribers('import', '.')).toMatchObject({
    code: 1,
    err: '. is a folder; a CSV file is needed.\n  → name one of the files in it\n',
  })
  expect(await subscribers('import', 'people.csv', '--map', 'adress=email')).toMatchObject({
    code: 2,
    err: '--map: there is no field “adress”.\n  → did you mean “address”?\n',
  })
})

test('columns are mapped, before or after the file', async () => {
  write('people.csv', 'Contact,Who\nada@example.org,Ada\n')
  const maps = ['--map', 'address=Contact', '--map', 'name=Who']
  expect((await subscribers('import', ...maps, 'people.csv')).out).toContain('1  added')
  expect((await subscribers('import', 'people.csv', ...maps)).out).toContain('1  unchanged')
})

test('a mapping that is kept in a file is read from it', async () => {
  write('people.csv', 'Contact,Who\nada@example.org,Ada\n')
  write('ours.map', '# our CRM\naddress=Contact\n\nname=Who\n')
  expect((await subscribers('import', 'people.csv', '--map', '@ours.map')).out).toContain('1  added')
  expect((await subscribers('list')).out).toContain('Ada')
  expect(await subscribers('import', 'people.csv', '--map', '@none.map')).toMatchObject({ code: 1, out: '' })
})

test('a trial import changes nothing, and says in words and numbers what it would do', async () => {
  write('old.csv', 'email,state\nold@example.org,left\n')
  await subscribers('import', 'old.csv')
  write(
    'members.csv',
    `id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers
1,ada@example.org,Ada,,true,false,cus_1,2024-01-15T10:00:00.000Z,,,Supporter
2,bob@example.org,,,false,false,,2024-02-15T10:00:00.000Z,,,
3,old@example.org,,,true,false,,2024-02-15T10:00:00.000Z,,,
`,
  )
  expect(await subscribers('import', 'members.csv', '--dry-run')).toEqual({
    code: 0,
    err: '',
    out: `members.csv, Ghost’s export of members: 3 rows read, for weekly

  email                 address
  name                  name
  subscribed_to_emails  state: false is “left”, who is never mailed
  complimentary_plan    tier: true is “member”
  created_at            consent-at
  deleted_at            left-at; state: a date is “left”
  tiers                 tier: any but Free is “member”
  Not used: id, note, stripe_customer_id, labels

  2  would be added
  0  would be updated
  0  would stay as they are
  1  would be refused

Of those that are not refused:
  1  is a member
  1  opted out there: kept as left, never mailed

Refused:
  1  left here before, and that stays

  line 4  The address left on ${new Date().toISOString().slice(0, 10)} and is not subscribed again.

The first rows, as they would be kept:
  line  address          name  tier        state      consent
  2     ada@example.org  Ada   member      confirmed  2024-01-15
  3     bob@example.org        subscriber  left       2024-02-15

This was a trial (--dry-run): nothing was changed.
`,
  })
  expect((await subscribers('list')).out).toBe('old@example.org  subscriber  left\n')
  const { code, err } = await subscribers('import', 'members.csv', '--from', 'substack')
  expect([code, err.split('\n')[0]]).toEqual([
    1,
    'The file is not Substack’s: it has no column “active_subscription”.',
  ])
})

test('where an imported consent came from is shown with the person', async () => {
  write(
    'members.csv',
    'email,subscribed_to_emails,created_at\nada@example.org,true,2024-01-15T10:00:00.000Z\n',
  )
  await subscribers('import', 'members.csv')
  expect((await subscribers('show', 'ada@example.org')).out).toMatch(
    /^consent +weekly given 2024-01-15, by import, “Ghost’s export of members \(import:members\.csv\)”$/m,
  )
})

test('more than twenty refused rows are counted, not listed', async () => {
  write('people.csv', `email\n${'nobody\n'.repeat(30)}`)
  const { out } = await subscribers('import', 'people.csv')
  expect(out.match(/^ {2}line /gm)).toHaveLength(20)
  expect(out).toContain('… and 10 more; --refused <file> writes them all')
  await subscribers('import', 'people.csv', '--refused', 'refused.csv')
  const refused = readFileSync(join(folder, 'refused.csv'), 'utf8').split('\n')
  expect([refused.length, refused[0], refused[30]]).toEqual([32, 'line,reason', '31,The address has no @.'])
})

test('one person is added, changed, shown, unsubscribed, suppressed and erased', async () => {
  expect(await subscribers('add', 'Ada@Example.org', '--name', 'Ada')).toEqual({
    code: 0,
    out: 'Ada@example.org is subscribed to weekly.\n',
    err: '',
  })
  expect((await subscribers('add', 'ada@example.org')).out).toBe(
    'ada@example.org is subscribed to weekly already.\n',
  )
  expect((await subscribers('set', 'ada@example.org', '--tier', 'member')).out).toBe(
    'ada@example.org is changed.\n',
  )
  const shown = (await subscribers('show', 'ada@example.org')).out
  expect(shown).toMatch(/^address {4}Ada@example\.org$/m)
  expect(shown).toMatch(/^name {7}Ada$/m)
  expect(shown).toMatch(/^tier {7}member$/m)
  expect(shown).toMatch(/^weekly {5}confirmed, consented \d{4}-\d\d-\d\d \(operator\)$/m)
  expect(shown).toMatch(/^format {5}HTML$/m)
  expect(shown).toMatch(/^logged in {2}nowhere$/m)
  expect(JSON.parse((await subscribers('show', 'ada@example.org', '--json')).out)).toMatchObject({
    address: 'Ada@example.org',
    tier: 'member',
    subscriptions: [{ newsletter: 'weekly', state: 'confirmed', consentSource: 'operator' }],
    suppression: null,
    received: [],
    kept: {
      version: 1,
      person: { address: 'Ada@example.org' },
      consents: [{ newsletter: 'weekly', kind: 'given', form: 'operator' }],
      sessions: [],
    },
  })
  expect((await subscribers('unsubscribe', 'ada@example.org')).out).toBe(
    'ada@example.org is off every newsletter.\n',
  )
  expect((await subscribers('unsubscribe', 'ada@example.org', '--json')).out).toBe(
    '{"outcome":"unchanged"}\n',
  )
  expect(await subscribers('add', 'ada@example.org')).toMatchObject({
    code: 1,
    err: 'ada@example.org left weekly and is not subscribed again.\n  → if they have asked to come back, add --yes\n',
  })
  expect((await subscribers('add', 'ada@example.org', '--yes')).code).toBe(0)
  expect((await subscribers('suppress', 'ada@example.org', '--reason', 'rang us up')).code).toBe(0)
  expect((await subscribers('show', 'ada@example.org')).out).toMatch(
    /^suppressed +operator, rang us up, since /m,
  )
  expect((await subscribers('list', '--state', 'suppressed')).out).toContain('Ada@example.org')
  expect(await subscribers('erase', 'ada@example.org')).toMatchObject({ code: 1, out: '' })
  expect((await subscribers('erase', 'ada@example.org', '--yes')).code).toBe(0)
  expect((await subscribers('list')).out).toBe('')
  expect(await subscribers('add', 'ada@example.org', '--yes')).toMatchObject({
    code: 1,
    err: 'ada@example.org was erased on request and is not added again.\n',
  })
})

test('an erased person is in no file of the data folder, and nobody is erased who is not there', async () => {
  await subscribers('add', 'ada@example.org')
  const mail = join(folder, 'data', 'outbox')
  mkdirSync(mail, { recursive: true })
  writeFileSync(join(mail, '00000001-one@x.eml'), 'To: ada@example.org\r\n\r\nHello\r\n')
  writeFileSync(join(mail, '00000002-two@x.eml'), 'To: bob@example.org\r\n\r\nHello\r\n')
  expect(await subscribers('erase', 'ada@example.org', '--yes')).toMatchObject({
    code: 0,
    err: 'Backups made before still hold them, until you delete those; after a restore, erase them again.\n',
  })
  const files = readdirSync(join(folder, 'data'), { recursive: true, withFileTypes: true })
  const holding = files.filter(
    (each) => each.isFile() && readFileSync(join(each.parentPath, each.name)).includes('ada@example.org'),
  )
  expect(holding.map((each) => each.name)).toEqual([])
  expect(readdirSync(mail)).toContain('00000002-two@x.eml')
  expect((await subscribers('erase', 'ada@example.org', '--yes')).out).toBe(
    'ada@example.org was erased already.\n',
  )
  expect(await subscribers('erase', 'eve@example.org', '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('There is no subscriber eve@example.org.'),
  })
})

test('letters that went to a former address are erased with the person', async () => {
  await subscribers('add', 'ada@example.org')
  await subscribers('add', 'old@example.org')
  // As a change of address leaves it; the digest needs the key.
  const store = new DatabaseSync(join(folder, 'data', 'onrecord.db'))
  store.exec(`
    insert into former_address select address_hash, (select id from subscriber where address_key = 'ada@example.org'), 0
      from subscriber where address_key = 'old@example.org';
    update subscriber set address_hash = 'another', address_key = 'another@example.org', address = 'another@example.org'
      where address_key = 'old@example.org'`)
  store.close()
  const mail = join(folder, 'data', 'outbox')
  mkdirSync(mail, { recursive: true })
  for (const [index, to] of ['ada', 'old', 'bob'].entries())
    writeFileSync(join(mail, `0000000${index}-${to}@x.eml`), `To: ${to}@example.org\r\n\r\nHello\r\n`)
  expect((await subscribers('erase', 'ada@example.org', '--yes')).code).toBe(0)
  expect(readdirSync(mail)).toEqual(['00000002-bob@x.eml'])
})

test('where mail of the outbox cannot be read, nobody is erased before it can', async () => {
  await subscribers('add', 'ada@example.org')
  const mail = join(folder, 'data', 'outbox')
  mkdirSync(mail, { recursive: true })
  const loop = join(mail, '00000000-ada@x.eml')
  symlinkSync('00000000-ada@x.eml', loop)
  expect((await subscribers('erase', 'ada@example.org', '--yes')).code).not.toBe(0)
  expect((await subscribers('show', 'ada@example.org')).code).toBe(0)
  rmSync(loop)
  expect((await subscribers('erase', 'ada@example.org', '--yes')).code).toBe(0)
})

test('erasing names the copies of the store that it does not reach, and what to do with them', async () => {
  await subscribers('add', 'ada@example.org')
  await subscribers('add', 'bob@example.org')
  writeFileSync(join(folder, 'data', 'onrecord.db.before-step-4'), '')
  expect((await subscribers('erase', 'ada@example.org', '--yes')).err).toBe(
    `This copy of the store, kept before an upgrade or a restore, may still hold them:
  data/onrecord.db.before-step-4
Delete it once you no longer need it to go back.
Backups made before still hold them, until you delete those; after a restore, erase them again.
`,
  )
  expect(JSON.parse((await subscribers('erase', 'bob@example.org', '--yes', '--json')).out)).toEqual({
    outcome: 'erased',
    kept: ['data/onrecord.db.before-step-4'],
  })
})

test('what cannot be is refused in plain words, with the nearest name', async () => {
  expect(await subscribers('add', 'nobody')).toEqual({ code: 2, out: '', err: 'The address has no @.\n' })
  expect(await subscribers('add', 'a@b.test', '--name', 'x\ny')).toMatchObject({ code: 2 })
  expect(await subscribers('add', 'a@b.test', '--newsletter', 'weakly')).toEqual({
    code: 2,
    out: '',
    err: 'There is no newsletter “weakly”.\n  → did you mean “weekly”?\n',
  })
  expect((await subscribers('list', '--state', 'confirmd')).err).toContain('did you mean “confirmed”?')
  expect((await subscribers('set', 'a@b.test')).err).toContain('There is nothing to set.')
  for (const action of ['show', 'unsubscribe', 'erase'])
    expect(await subscribers(action, 'a@b.test')).toMatchObject({ code: 1, out: '' })
})

test('an export goes to stdout, or whole to a file that only its owner reads', async () => {
  write('people.csv', 'email,name\nada@example.org,=1+1\n')
  await subscribers('import', 'people.csv')
  const { out } = await subscribers('export')
  expect(out.split('\n')[1]).toMatch(/^ada@example\.org,'=1\+1,subscriber,weekly,confirmed,/)
  expect(await subscribers('export', 'out.csv')).toMatchObject({ code: 0, out: '' })
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(out)
  expect(statSync(join(folder, 'out.csv')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect(await subscribers('export', 'none/out.csv')).toEqual({
    code: 1,
    out: '',
    err: 'none/out.csv is not there, or its folder is not.\n  → look at the path; make the folder first\n',
  })
})

test('an export with --json prints JSON alone, however many there are', async () => {
  expect(JSON.parse((await subscribers('export', '--json')).out)).toEqual([])
  const rows = Array.from({ length: 1_500 }, (_, index) => `reader${index}@example.org,=1+1`)
  write('people.csv', `email,name\n${rows.join('\n')}\n`)
  await subscribers('import', 'people.csv')
  const { out, err } = await subscribers('export', '--json')
  const people: unknown = JSON.parse(out)
  expect(err).toBe('')
  expect(people).toHaveLength(1_500)
  expect(people).toContainEqual({
    address: 'reader7@example.org',
    name: '=1+1',
    tier: 'subscriber',
    newsletter: 'weekly',
    state: 'confirmed',
    consent_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    consent_source: 'import:people.csv',
    left_at: null,
    suppressed_for: null,
  })
  expect(JSON.parse((await subscribers('export', 'out.csv', '--json')).out)).toEqual({ file: 'out.csv' })
  expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toMatch(/^address,name,/)
})

test('a reader of the output who has enough of it is no error', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => `reader${index}@example.org`)
  write('people.csv', `email\n${rows.join('\n')}\n`)
  await subscribers('import', 'people.csv')
  for (const action of [['list', '--quiet'], ['export'], ['list', '--json']]) {
    const child = spawn(process.execPath, [main, 'subscribers', ...action], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
    })
    let errors = ''
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.stdout.once('data', () => child.stdout.destroy())
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(errors).toBe('')
  }
})

test('Ctrl-C keeps what was imported, exits 130, and the same command goes on', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `reader${index}@example.org`)
  write('people.csv', `email\n${rows.join('\n')}\n`)
  const child = spawn(process.execPath, [main, 'subscribers', 'import', 'people.csv', '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = once(child, 'close')
  const store = join(folder, 'data', 'onrecord.db-wal')
  const begun = (): boolean => {
    try {
      return statSync(store).size > 1_000_000
    } catch {
      return false
    }
  }
  while (!begun() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGINT')
  expect(await ended).toEqual([130, null])
  const first = JSON.parse(out)
  expect(first.added).toBeGreaterThan(0)
  expect(first.added).toBeLessThan(60_000)
  expect(JSON.parse((await subscribers('import', 'people.csv', '--json')).out)).toMatchObject({
    read: 60_000,
    added: 60_000 - first.added,
    updated: 0,
    unchanged: first.added,
    refused: [],
  })
})
