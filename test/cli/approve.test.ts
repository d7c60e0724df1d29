import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { run as approve, type ApproveOptions } from '../../src/cli/approve.ts'
import { run as compare } from '../../src/cli/compare.ts'
import { readIssue, readyIssue, renderIssue } from '../../src/cli/ready-issue.ts'
import { run as publish } from '../../src/cli/publish.ts'
import { openApprovalDesk } from '../../src/cli/studio-approvals.ts'
import { loadConfig } from '../../src/config.ts'
import type { Tier } from '../../src/core/tier.ts'
import { partsHash } from '../../src/delivery/approval.ts'
import { newsroom, type Newsroom } from './approve-bed.ts'

const none = { as: null, note: null, withdraw: false, review: false, tick: [], untick: [] }
const brief = 'briefs/w1/one.md'
const issueFile = 'briefs/w1/issue.md'
const ledger = 'briefs/w1/sources.yaml'

/** Two versions as readers of one tier have them. */
const read = (tier: Tier, from: string, to: string) =>
  [
    { version: from, tier },
    { version: to, tier },
  ] as const

async function approveIn(room: Newsroom, options: Partial<ApproveOptions> = {}): Promise<string> {
  const context = room.context()
  await approve(context, { issue: 'w1', ...none, ...options })
  return context.text()
}

const ready = async (room: Newsroom) => readyIssue(await room.app(), 'w1')

test('without a record the frontmatter decides, and showing the state records nothing', async () => {
  const room = newsroom()
  expect(await approveIn(room)).toContain('w1 is approved, by its frontmatter')
  expect((await ready(room)).id).toBe('w1')
  room.edit(issueFile, 'approved', 'draft')
  await expect(ready(room)).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('a draft'),
  })
})

test('draft, review, approved: each step is kept by name, and the frontmatter says the same', async () => {
  const room = newsroom()
  await approveIn(room, { as: 'Ada', review: true, note: 'see the toll' })
  expect(room.read(issueFile)).toContain('status: review # for now\n')
  room.edit(issueFile, 'review', 'approved')
  await expect(ready(room)).rejects.toMatchObject({
    message: expect.stringMatching(/w1 is not approved: Ada asked for a review of it on .*“see the toll”/),
    hint: expect.stringContaining('onrecord approve w1 --as'),
  })
  await approveIn(room, { as: 'Bo' })
  expect(room.read(issueFile)).toContain('status: approved # for now\n')
  expect((await ready(room)).id).toBe('w1')
  const text = await approveIn(room, { as: 'Cy', withdraw: true, note: 'not yet' })
  expect(text).toMatch(/Cy sent it back to draft.*: not yet\n.*Bo approved it\n.*Ada asked for a review/)
  await expect(ready(room)).rejects.toMatchObject({ message: expect.stringContaining('Cy sent it back') })
  expect(room.read(issueFile)).toContain('status: draft # for now\n')
})

test('what changed since the approval is refused with who, when, what and its first words', async () => {
  const room = newsroom()
  await approveIn(room, { as: 'Ada Lovelace' })
  room.edit(brief, '7 November', '8 November')
  room.edit('onrecord.yaml', 'Valletta', 'Mdina')
  room.edit(ledger, 'Harbour opens', 'Harbour opens again')
  room.edit('templates/weekly/email/issue.mjml.hbs', /$/, '\n')
  const refused = {
    code: 'refused',
    message: expect.stringMatching(
      /^w1 was approved by Ada Lovelace on .*, \d\d:\d\d [A-Z]\S+, and has changed since: the text \(one\.md\), sources \(daily\), the look \(weekly\), settings \(postalAddress\)\.\n {2}.*\[-7-\] \{\+8\+\} November/,
    ),
    hint: expect.stringContaining('onrecord compare w1'),
  }
  await expect(ready(room)).rejects.toMatchObject(refused)
  await expect(publish(room.context(), { issue: 'w1', yes: true })).rejects.toMatchObject(refused)
  const seen = room.context()
  await compare(seen, { issue: 'w1', with: null, tier: null, withTier: null })
  expect(seen.text()).toContain('before (approved by Ada Lovelace')
  expect(seen.text()).toContain('source changed (title): The Daily, Harbour opens again')
  expect(await approveIn(room, { as: 'Bo' })).toContain('w1 was approved by Bo')
  expect((await ready(room)).id).toBe('w1')
})

test('versions are listed latest first, and a change leads to its line in the Markdown', async () => {
  const room = newsroom()
  await approveIn(room, { as: 'Ada' })
  room.edit(brief, 'Nobody', '\n\nNobody')
  await approveIn(room, { as: 'Bo' })
  room.edit(brief, 'Nobody came', 'Somebody came')
  const desk = openApprovalDesk(await room.app())
  expect((await desk.versions('w1')).map(({ id, label }) => `${id} ${label.split(',')[0]}`)).toEqual([
    'now as it is now',
    'approved approved by Bo',
    'approval-1 approved by Ada',
  ])
  const { changes, files } = await desk.compare('w1', ...read('member', 'approved', 'now'))
  expect(changes).toMatchObject([
    { kind: 'text', how: 'changed', at: { line: expect.stringMatching(/^1:10:1-/) } },
  ])
  expect(files).toEqual([issueFile, brief])
  const [seen] = (await desk.state('w1')).history
  const byHash = await desk.compare('w1', ...read('public', seen?.editions?.public ?? '', 'approved'))
  expect(byHash).toMatchObject({ changes: [], files: [] })
  await expect(desk.compare('w1', ...read('public', 'nothing', 'now'))).rejects.toMatchObject({
    code: 'not-found',
  })
  await desk.record('w1', { step: 'draft', by: 'Cy', note: 'a\u001b[2Jb\nc' })
  expect((await desk.state('w1')).history[0]?.note).toBe('a [2Jb\nc')
})

test('an issue can be compared with any other that was published, as readers have it', async () => {
  const room = newsroom()
  expect(await openApprovalDesk(await room.app()).otherVersions('w2')).toEqual([
    { id: 'now:w1', issue: 'w1', kind: 'now', at: null },
  ])
  await publish(room.context(), { issue: 'w1', yes: true })
  const desk = openApprovalDesk(await room.app())
  const [other, ...more] = await desk.otherVersions('w2')
  expect([other, more]).toMatchObject([{ id: 'published:w1', issue: 'w1', kind: 'published' }, []])
  expect(await desk.otherVersions('w1')).toEqual([])
  room.edit(brief, 'Nobody came', 'Somebody came')
  // Between two others, and with what is written now.
  expect((await desk.compare('w2', ...read('member', 'published:w1', 'published:w1'))).changes).toEqual([])
  expect((await desk.compare('w1', ...read('member', 'published:w1', 'now'))).changes).toHaveLength(1)
  await expect(desk.compare('w1', ...read('member', 'sent:w1', 'now'))).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('one edition of an issue is held against another', async () => {
  const room = newsroom()
  room.edit(brief, 'Nobody came.', '\n\n:::members{teaser="Who came"}\nNobody came.\n:::')
  const [seen, same] = [room.context(), room.context()]
  await compare(seen, { issue: 'w1', with: null, tier: null, withTier: 'public' })
  expect(seen.text()).toContain('as members read it: now, and before (as it is now, as everybody reads it)')
  expect(seen.text()).toContain('{+Nobody+} came')
  // A number that leads to the list for some readers, and to the page for others, is the same source to both.
  expect(seen.text()).not.toContain('“[1]”')
  await compare(same, { issue: 'w1', with: 'now', tier: 'public', withTier: null })
  expect(same.text()).toContain('is now as it was')
  await expect(
    compare(room.context(), { issue: 'w1', with: null, tier: null, withTier: null }),
  ).rejects.toMatchObject({ hint: expect.stringContaining('--with-tier') })
})

test('nobody approves what changed since they looked, what is blocked, or without a name', async () => {
  const room = newsroom()
  const desk = openApprovalDesk(await room.app())
  const { hash } = await desk.state('w1')
  const step = { step: 'approved', by: 'Ada', note: null, ...(hash === null ? {} : { seen: hash }) } as const
  room.edit(brief, 'Nobody', 'Somebody')
  await expect(desk.record('w1', step)).rejects.toMatchObject({
    message: expect.stringContaining('has changed since you looked at it'),
  })
  room.edit(brief, 'Somebody', 'Nobody')
  for (const by of ['', ' ', 'a\u0000b', 'x'.repeat(101)])
    await expect(desk.record('w1', { ...step, by })).rejects.toMatchObject({ code: 'usage' })
  await expect(approveIn(room, { note: 'x' })).rejects.toMatchObject({ code: 'usage' })
  room.edit(brief, 'Nobody', '[@nothing] Nobody')
  await expect(desk.record('w1', { ...step, by: 'Ada', seen: undefined as never })).rejects.toMatchObject({
    message: expect.stringMatching(/one\.md:\d+:\d+/),
  })
  expect(await (await room.app()).approvals.isInUse()).toBe(false)
})

test('a source is ticked off until its entry or what is said on its strength changes', async () => {
  const room = newsroom()
  const state = async () => {
    const desk = openApprovalDesk(await room.app())
    return (await desk.state('w1')).sources.map(({ check, tick, stale }) => [
      check.id,
      tick?.by ?? null,
      stale,
    ])
  }
  await expect(approveIn(room, { as: 'Ada', tick: ['spare'] })).rejects.toMatchObject({ code: 'not-found' })
  await approveIn(room, { as: 'Ada', tick: ['daily'] })
  expect(await state()).toEqual([['daily', 'Ada', false]])
  room.edit(brief, 'Nobody came.', 'Nobody came, it seems.')
  room.edit(ledger, 'Not cited', 'Never cited')
  expect(await state()).toEqual([['daily', 'Ada', false]])
  for (const [file, from, to] of [
    [brief, '7 November', '8 November'],
    [brief, 'opened at dawn', 'opened at noon'],
    [ledger, 'The Daily', 'The Weekly'],
  ] as const) {
    room.edit(file, from, to)
    expect(await state()).toEqual([['daily', 'Ada', true]])
    room.edit(file, to, from)
    expect(await state()).toEqual([['daily', 'Ada', false]])
  }
  await approveIn(room, { as: 'Bo', untick: ['daily'] })
  expect(await state()).toEqual([['daily', null, false]])
})

test('a source leads to its entry and to each citation of it', async () => {
  const room = newsroom()
  const desk = openApprovalDesk(await room.app())
  const [daily] = (await desk.state('w1')).sources
  expect(daily?.check).toMatchObject({
    ...{ kind: 'newspaper', published: '2025-11-08', stored: null },
    place: { file: ledger, line: 1 },
    claims: [{ text: 'The harbour opened on 7 November.', place: { file: brief, line: 8, column: 34 } }],
  })
})

test('of two who approve at a time, the second is told of the first, and of what changed since it looked', async () => {
  const room = newsroom()
  const desk = openApprovalDesk(await room.app())
  const { hash, history } = await desk.state('w1')
  const seen = { step: 'approved', note: null, seen: hash ?? '', steps: history.length } as const
  const both = await Promise.allSettled([
    desk.record('w1', { ...seen, by: 'Ada' }),
    desk.record('w1', { ...seen, by: 'Bo' }),
  ])
  expect(both).toMatchObject([
    { status: 'fulfilled' },
    {
      reason: {
        code: 'refused',
        message: expect.stringMatching(
          /^Ada approved it on .* since you looked at w1; nothing was recorded\.$/,
        ),
      },
    },
  ])
  expect((await desk.state('w1')).history).toHaveLength(1)
  room.edit(brief, 'Nobody', 'Somebody')
  await expect(desk.record('w1', { ...seen, steps: 1, by: 'Bo' })).rejects.toMatchObject({
    message: 'w1 has changed since you looked at it: the text (one.md); nothing was recorded.',
  })
})

const hashOf = async (room: Newsroom) => {
  const { content } = await readIssue(loadConfig({ dir: room.dir, environment: {} }), 'w1')
  return content === null ? null : partsHash(content.parts)
}

test('how YAML is laid out, status, what nobody sees and the desk’s own settings void nothing', async () => {
  const room = newsroom()
  const hash = await hashOf(room)
  room.edit(
    issueFile,
    /^---\n[^]*\n---/,
    '---\r\nstatus: "draft"\ndate:   2025-11-14\nnewsletter: weekly\npreheader: >-\n  What we know\n  of it.\n# a comment\n"subject": The harbour opens\n---',
  )
  room.edit(
    brief,
    'image: {src: images/quay.png, alt: The quay}',
    'image:\n  alt: The quay\n  src: images/quay.png',
  )
  room.edit(brief, /$/, '\n\n')
  room.edit(ledger, 'Not cited', 'Still not cited')
  room.edit(
    ledger,
    '  title: Harbour opens\n  publisher: The Daily\n',
    '  publisher: "The Daily"\n  title: Harbour opens\n',
  )
  room.edit('onrecord.yaml', /$/, '\n# a comment\n')
  room.edit('onrecord.yaml', 'name: Weekly\n', 'name: Weekly\n    cadence: {every: Friday, at: "07:00"}\n')
  expect(await hashOf(room)).toBe(hash)
})

test('every single thing that an approver saw voids the approval when it changes', async () => {
  const room = newsroom()
  const hash = await hashOf(room)
  const changes: readonly (readonly [string, string | RegExp, string])[] = [
    [issueFile, 'opens', 'closes'],
    [issueFile, 'What we know', 'All we know'],
    [issueFile, '2025-11-14', '2025-11-15'],
    [issueFile, 'Good morning', 'Good evening'],
    [brief, 'title: The', 'title: A'],
    [brief, 'after a week', 'after two weeks'],
    [brief, 'alt: The quay', 'alt: A quay'],
    [brief, 'date: 2025-11-14', 'date: 2025-11-14\naccess: member'],
    [brief, 'Nobody came.', 'Nobody came. <!-- why? -->'],
    [brief, 'Nobody came.', '*Nobody* came.'],
    [brief, 'opened at dawn', 'opened at noon'],
    [ledger, '/opens', '/opened'],
    [ledger, 'The Wire', 'The Other Wire'],
    [ledger, 'kind: newspaper', 'kind: wire'],
    [ledger, 'Not cited', 'Not cited\n  consulted: true'],
    ['templates/weekly/email/issue.mjml.hbs', /$/, ' '],
    ['onrecord.yaml', /^name: .*/m, 'name: Another Brief'],
    ['onrecord.yaml', 'desk@', 'news@'],
    ['onrecord.yaml', 'Valletta', 'Mdina'],
    ['onrecord.yaml', '#8a1c1c', '#8a1c1d'],
  ]
  for (const [file, from, to] of changes) {
    const before = room.read(file)
    room.edit(file, from, to)
    expect([file, to, (await hashOf(room)) === hash]).toEqual([file, to, false])
    writeFileSync(join(room.dir, file), before)
  }
  expect(await hashOf(room)).toBe(hash)
  room.edit(brief, 'images/quay.png', 'images/other.png')
  expect(await hashOf(room)).not.toBe(hash)
})

test('whatever is typed into any file, what keeps the hash keeps every byte that readers get', async () => {
  const room = newsroom()
  const editions = async () => {
    const config = loadConfig({ dir: room.dir, environment: {} })
    const atHand = await readIssue(config, 'w1')
    return {
      hash: atHand.content === null ? null : partsHash(atHand.content.parts),
      bytes: (await renderIssue(config, atHand)).editions.map((edition) => edition.hash).join(),
    }
  }
  const start = await editions()
  const file = fc.constantFrom(issueFile, brief, ledger)
  const typed = fc.constantFrom('x', ' ', ' ', ' ', '\n', '\n', '#', '- ', '*', '"', 'é', 'status: draft\n')
  let [kept, voided] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      file,
      fc.double({ min: 0, max: 1, noNaN: true }),
      typed,
      fc.constantFrom(0, 0, 1, 3),
      async (name, share, text, cut) => {
        const before = room.read(name)
        const at = Math.floor(share * before.length)
        writeFileSync(join(room.dir, name), before.slice(0, at) + text + before.slice(at + cut))
        try {
          const now = await editions()
          if (now.hash === start.hash) {
            kept++
            expect(now.bytes).toBe(start.bytes)
          } else voided++
        } finally {
          writeFileSync(join(room.dir, name), before)
        }
      },
    ),
    { numRuns: 60 },
  )
  expect(kept).toBeGreaterThan(0)
  expect(voided).toBeGreaterThan(20)
})
