import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import type { Context } from '../../src/cli/context.ts'
import { run as publish } from '../../src/cli/publish.ts'
import { run as send, type SendOptions } from '../../src/cli/send.ts'
import { run as status } from '../../src/cli/status.ts'
import { loadConfig } from '../../src/config.ts'
import { addPeople } from '../delivery/people.ts'
import { startSink } from '../delivery/sink.ts'

const root = join(import.meta.dirname, '..', '..')
const issueFile = 'briefs/2025-w46/issue.md'
const none = {
  at: null,
  test: null,
  tier: null,
  dryRun: false,
  yes: false,
  pause: false,
  cancel: false,
  corrected: false,
  afterRestore: false,
  resolveUnknown: null,
}

let dir: string
let app: App | null
beforeEach(async () => {
  app = null
  dir = await mkdtemp(join(tmpdir(), 'onrecord-send-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    await cp(join(root, name), join(dir, name), { recursive: true })
})
afterEach(async () => {
  await app?.close()
  await rm(dir, { recursive: true, force: true })
})

/** A command's world, on a real store, without a terminal; what it printed, as one text. */
function world(environment: Record<string, string> = {}, json = false): Context & { text(): string } {
  const printed: string[] = []
  const config = loadConfig({ dir, environment })
  return {
    text: () => printed.join('\n'),
    options: { json, quiet: false, verbose: false, color: false },
    cwd: dir,
    terminal: false,
    interrupted: new AbortController().signal,
    print: (text) => void printed.push(text),
    note: () => undefined,
    drawProgress: () => undefined,
    confirm: async () => false,
    config: () => config,
    async app() {
      await app?.close()
      app = await openApp(config)
      return app
    },
  }
}

async function people(count: number): Promise<void> {
  await addPeople((await world().app()).subscribers, count)
}

async function sendIn(context: Context, options: Partial<SendOptions> = {}) {
  return send(context, { issue: '2025-w46', ...none, ...options })
}

test('without a server the issue goes to the outbox, once, and a second send says so', async () => {
  await people(4)
  const first = world()
  expect(await sendIn(first)).toBe(0)
  expect(first.text()).toMatch(/Sent: 2025-w46 to the outbox \(a rehearsal: nobody was mailed\), 4 messages/)
  const second = world()
  expect(await sendIn(second)).toBe(0)
  expect(second.text()).toMatch(/has been sent already: 4 people have it, and nobody gets it twice/)
  const kept = (await readdir(join(dir, 'data', 'outbox'))).filter((name) => name.endsWith('.eml'))
  expect(kept).toHaveLength(4)

  const told = world({}, true)
  expect(
    await status(told, { issue: null, watch: false, unknown: false, domains: null, who: null, eml: null }),
  ).toBe(0)
  expect(JSON.parse(told.text())).toMatchObject([
    { issue: '2025-w46', transport: 'the outbox', state: 'done', total: 4, accepted: 4, unknown: 0 },
  ])
})

test('a draft and an issue in review are refused, and may still be tested', async () => {
  await people(1)
  const text = await readFile(join(dir, issueFile), 'utf8')
  for (const state of ['draft', 'review']) {
    await writeFile(join(dir, issueFile), text.replace(/^status: approved$/m, `status: ${state}`))
    await expect(sendIn(world())).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/issue\.md/),
    })
    await expect(publish(world(), { issue: '2025-w46', yes: true })).rejects.toMatchObject({
      code: 'refused',
    })
  }
  const context = world({}, true)
  expect(await sendIn(context, { test: 'me@desk.test', tier: 'member' })).toBe(0)
  expect(JSON.parse(context.text())).toMatchObject([{ test: 'me@desk.test', tier: 'member' }])
  const [file = ''] = (await readdir(join(dir, 'data', 'outbox'))).filter((name) => name.endsWith('.eml'))
  const mail = await PostalMime.parse(await readFile(join(dir, 'data', 'outbox', file)))
  expect(mail.subject).toMatch(/^\[Test\] /)
  expect(mail.headers.map(({ key }) => key)).not.toContain('list-unsubscribe')
  expect(mail.html).toContain('/u/test')
  expect(await (await world().app()).deliveries.rounds()).toEqual([])
})

test('what blocks is named with its file and line, and nothing is sent', async () => {
  await people(1)
  const [name = ''] = (await readdir(join(dir, 'briefs/2025-w46'))).filter((each) =>
    /^(?!issue).*\.md$/.test(each),
  )
  const file = join(dir, 'briefs/2025-w46', name)
  await writeFile(file, `${await readFile(file, 'utf8')}\n\nThis rests on nothing [@no-such-source].\n`)
  await expect(sendIn(world())).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(new RegExp(`^briefs/2025-w46/${name}:\\d+:\\d+ .*\\(DC101\\)`, 'm')),
  })
  expect(await (await world().app()).deliveries.rounds()).toEqual([])
})

test('a real server is asked for first, and reserved names go nowhere', async () => {
  await people(2)
  const far = { SMTP_URL: 'smtp://mail.brief.news:587' }
  await expect(sendIn(world(far))).rejects.toMatchObject({ code: 'refused', message: 'Nothing was sent.' })
  await expect(sendIn(world(far), { yes: true })).rejects.toThrow(/could not open the unsubscribe link/)
  await expect(sendIn(world({ ...far, BASE_URL: 'https://brief.news' }), { yes: true })).rejects.toThrow(
    /reserved/,
  )
  expect(await (await world().app()).deliveries.rounds()).toEqual([])
})

test('a dry run says how many of each tier, through what and how large, and writes nothing', async () => {
  await people(6)
  const context = world()
  expect(await sendIn(context, { dryRun: true })).toBe(0)
  expect(context.text()).toMatch(
    /would go to 6 people through the outbox:\n +4 subscriber .*\d+ KB each\n +2 member/,
  )
  expect(await (await world().app()).deliveries.rounds()).toEqual([])
})

test('a dry run of what was scheduled, and had nobody left at its time, says so', async () => {
  const { deliveries } = await world().app()
  const { id } = await deliveries.openRound({
    ...{ issue: '2025-w46', newsletter: 'weekly', kind: 'real', number: 1, transport: 'smtp://127.0.0.1:25' },
    ...{ settings: {}, editions: {} },
  })
  while ((await deliveries.freezeChunk(id, 10)).more) continue
  await deliveries.seal(id)
  await deliveries.setState(id, 'done', null)
  const context = world({ SMTP_URL: 'smtp://127.0.0.1:25' })
  expect(await sendIn(context, { dryRun: true })).toBe(0)
  expect(context.text()).toBe('2025-w46 went out, and nobody was subscribed by then; nothing would be sent.')
})

test('a dry run of what everybody has says so, and afterwards counts whoever is new', async () => {
  await people(3)
  await sendIn(world())
  const dry = async () => {
    const context = world()
    expect(await sendIn(context, { dryRun: true })).toBe(0)
    return context.text()
  }
  expect(await dry()).toBe('All 3 people whom 2025-w46 is for have it; nothing would be sent.')
  await people(5)
  expect(await dry()).toMatch(/^2025-w46 would go to 2 people who are new through the outbox:/)
})

test('a real send publishes the issue; a rehearsal does not', async () => {
  await people(2)
  await sendIn(world())
  expect(await (await world().app()).editions.published('2025-w46')).toBeNull()
  const sink = await startSink()
  const context = world({ SMTP_URL: `smtp://127.0.0.1:${sink.port}` })
  expect(await sendIn(context, { yes: true })).toBe(0)
  await sink.close()
  expect(sink.recipients).toHaveLength(2)
  expect(await (await world().app()).editions.published('2025-w46')).toMatchObject({ newsletter: 'weekly' })
})

test('a send that cannot go on is refused with its reason; cancelled before anything went out, it begins anew', async () => {
  await people(2)
  const sink = await startSink()
  const environment = { SMTP_URL: `smtp://desk:secret@127.0.0.1:${sink.port}` }
  const context = world(environment, true)
  expect(await sendIn(context, { yes: true })).toBe(1)
  expect(JSON.parse(context.text())).toMatchObject([
    { state: 'paused', queued: 2, reason: expect.stringMatching(/refuses us/) },
  ])
  expect(context.text()).not.toContain('secret')
  const cancelled = world(environment)
  expect(await sendIn(cancelled, { cancel: true })).toBe(0)
  expect(cancelled.text()).toMatch(/Nothing of it had gone out: “onrecord send 2025-w46” begins it anew/)
  expect(await sendIn(world(environment), { yes: true })).toBe(1)
  expect(await (await world().app()).deliveries.round('2025-w46', 'real')).toMatchObject({
    number: 2,
    state: 'paused',
  })
  await sink.close()
})

async function changeSubject(subject: string): Promise<void> {
  const text = await readFile(join(dir, issueFile), 'utf8')
  await writeFile(join(dir, issueFile), text.replace(/^subject: .*$/m, `subject: ${subject}`))
}

test('a round that reached nobody goes out corrected, and says so', async () => {
  await people(1)
  const gone = world({ SMTP_URL: 'smtp://127.0.0.1:1' })
  expect(await sendIn(gone, { yes: true })).toBe(1)
  expect(gone.text()).toMatch(
    /^smtp:\/\/127\.0\.0\.1:1 is on this machine; this counts as the real delivery of 2025-w46\. For a trial leave SMTP_URL empty: the outbox\.$/m,
  )
  expect(gone.text()).toMatch(/^Nothing was sent: the server cannot be reached: /m)
  expect(gone.text()).toMatch(/^“onrecord send 2025-w46” goes on\.$/m)
  await changeSubject('Talks end in Istanbul, corrected')
  const dry = world({ SMTP_URL: 'smtp://127.0.0.1:1' })
  await sendIn(dry, { dryRun: true })
  expect(dry.text()).toMatch(/paused with another version, of which nothing has gone out: this one would/)

  const sink = await startSink()
  const right = { SMTP_URL: `smtp://127.0.0.1:${sink.port}` }
  const mended = world(right)
  expect(await sendIn(mended, { yes: true })).toBe(0)
  expect(mended.text()).toMatch(
    /^The files have changed since .+; nothing had gone out, so the new version is sent\.$/m,
  )
  const [raw = ''] = sink.messages.values()
  expect((await PostalMime.parse(raw)).subject).toBe('Talks end in Istanbul, corrected')
  const told = world(right)
  await status(told, { issue: '2025-w46', watch: false, unknown: false, domains: null, who: null, eml: null })
  expect(told.text()).toContain(`through smtp://127.0.0.1:${sink.port}, 1 person`)

  await changeSubject('Changed too late')
  const again = world(right)
  expect(await sendIn(again, { yes: true })).toBe(0)
  expect(again.text()).toMatch(
    /^The files have changed since .+; whoever is new gets the version frozen then\.$/m,
  )
  expect(again.text()).toMatch(/has been sent already: 1 person has it, and nobody gets it twice/)
  expect(again.text()).not.toContain('on this machine')
  await expect(publish(world(right), { issue: '2025-w46', yes: true })).rejects.toMatchObject({
    code: 'refused',
    message: '2025-w46 has been mailed; its page stays what was mailed.',
  })
  await sink.close()
  expect(sink.recipients).toHaveLength(1)
})

test('after a stop press the status shows both rounds, the newest first, and whom they reached together', async () => {
  await people(3)
  const sink = await startSink({
    onRecipient: (to) =>
      to.startsWith('reader1@') || stopped ? null : { code: 451, text: '4.7.1 come back' },
  })
  let stopped = false
  const server = { SMTP_URL: `smtp://127.0.0.1:${sink.port}` }
  await sendIn(world(server), { yes: true })
  await sendIn(world(server), { cancel: true })
  stopped = true
  expect(await sendIn(world(server), { yes: true, corrected: true })).toBe(0)
  await sink.close()
  const dry = world(server)
  await sendIn(dry, { dryRun: true })
  expect(dry.text()).toBe('All 3 people whom 2025-w46 is for have it; nothing would be sent.')
  const asked = { issue: '2025-w46', watch: false, unknown: false, domains: null, who: null, eml: null }
  const told = world(server)
  await status(told, asked)
  expect(told.text()).toMatch(
    /^2025-w46: done, .*, 2 people; begun .*\n +2 accepted\n2025-w46: cancelled, .*, 3 people; begun .*\n +1 accepted\n +2 cancelled\nBy these 2 rounds 3 people got it\.$/m,
  )
  const [json, all] = [world(server, true), world(server)]
  await status(json, asked)
  expect(JSON.parse(json.text())).toMatchObject([{ accepted: 2 }, { accepted: 1, cancelled: 2 }])
  await status(all, { ...asked, issue: null })
  expect(all.text().match(/^2025-w46: /gm)).toHaveLength(1)
})

test('a rehearsal of an issue that has changed says that it begins anew', async () => {
  await people(1)
  await sendIn(world())
  await changeSubject('Talks end in Istanbul, corrected')
  const context = world()
  await sendIn(context)
  expect(context.text()).toMatch(
    /^The issue has changed since the last rehearsal; everybody gets the new version\.\nSent: /,
  )
})

test('a page is replaced only by a person’s word', async () => {
  const first = world()
  expect(await publish(first, { issue: '2025-w46', yes: false })).toBe(0)
  expect(first.text()).toMatch(/ is published: http/)
  const same = world()
  expect(await publish(same, { issue: '2025-w46', yes: false })).toBe(0)
  expect(same.text()).toMatch(/ is published already, unchanged: http/)
  const before = await (await world().app()).editions.published('2025-w46')
  await changeSubject('Talks end in Istanbul, corrected')
  await expect(publish(world(), { issue: '2025-w46', yes: false })).rejects.toMatchObject({
    code: 'refused',
    hint: expect.stringMatching(/--yes/),
  })
  expect(await (await world().app()).editions.published('2025-w46')).toEqual(before)
  const replaced = world({}, true)
  expect(await publish(replaced, { issue: '2025-w46', yes: true })).toBe(0)
  expect(JSON.parse(replaced.text())).toMatchObject([{ issue: '2025-w46', result: 'replaced' }])
  expect(await (await world().app()).editions.published('2025-w46')).toMatchObject({
    subject: 'Talks end in Istanbul, corrected',
  })
})

test('an issue that is not there is not found, with the nearest name, whatever is asked of it', async () => {
  const missing = { code: 'not-found', hint: 'did you mean “2025-w46”?' }
  await people(1)
  const asked = { issue: '2025-w64', watch: false, unknown: false, domains: null, who: null, eml: null }
  await expect(status(world(), asked)).rejects.toMatchObject(missing)
  await expect(sendIn(world(), { issue: '2025-w64' })).rejects.toMatchObject(missing)
  await expect(sendIn(world(), { issue: '2025-w64', dryRun: true })).rejects.toMatchObject(missing)
  await expect(sendIn(world(), { issue: '2025-w64', cancel: true })).rejects.toMatchObject(missing)
  await expect(status(world(), { ...asked, issue: '2025-w46' })).rejects.toThrow(/Nothing of 2025-w46/)
})
