import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { blocks, formatFinding } from '../../src/core/finding.ts'
import { listIssues, loadIssue, type LoadedIssue } from '../../src/issue/load.ts'
import { png, publication, writePublication } from './rich-issue.ts'

let remove: () => void = () => undefined
afterEach(() => remove())

function write(files: Record<string, string | Uint8Array>): string {
  const written = writePublication(files)
  remove = written.remove
  return written.root
}

const front = (changes: Record<string, string> = {}): string => {
  const keys: Record<string, string> = {
    subject: 'What the harbour did this week',
    preheader: '"One truce, two accounts, and a list of all that we have read about it this week."',
    newsletter: 'weekly',
    date: '2025-11-14',
    status: 'approved',
    ...changes,
  }
  return `---\n${Object.entries(keys)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')}---\n`
}

const brief = (title: string, more = '', body = 'The boats left [@daily].\n'): string =>
  `---\ntitle: ${title}\nstandfirst: What was seen on the quay that night, and what the port says about it today.\ndate: 2025-11-10\n${more}---\n${body}`

const ledger = `- id: daily
  title: A page
  publisher: The Daily
  url: https://daily.test/1
  published: 2025
  accessed: 2025-11-10
`

const whole = {
  'briefs/w1/issue.md': front(),
  'briefs/w1/one.md': brief('The first one'),
  'briefs/w1/two.md': brief('The second one', 'order: 1\n'),
  'briefs/w1/sources.yaml': ledger,
}

async function reported(files: Record<string, string | Uint8Array>): Promise<string[]> {
  return (await load(files)).findings.map(formatFinding)
}

async function load(files: Record<string, string | Uint8Array>, id = 'w1'): Promise<LoadedIssue> {
  return await loadIssue(write(files), id, publication)
}

describe('issues', () => {
  test('are the folders with an issue.md and the single files, in the order of their numbers', () => {
    const root = write({
      ...whole,
      'briefs/w10.md': 'x',
      'briefs/w9.md': 'x',
      'briefs/single.md': 'x',
      'briefs/README.md': 'x',
      'briefs/no-issue/one.md': 'x',
      'briefs/A B/issue.md': 'x',
    })
    expect(listIssues(root)).toEqual(['single', 'w1', 'w9', 'w10'])
    expect(listIssues(join(root, 'nowhere'))).toEqual([])
  })

  test('that do not exist are refused with the nearest name', async () => {
    const root = write(whole)
    await expect(loadIssue(root, 'w2', publication)).rejects.toMatchObject({
      code: 'not-found',
      hint: 'did you mean “w1”?',
    })
    for (const id of ['../w1', 'w1/../../x', '', '.', 'W1', 'w1\0']) {
      await expect(loadIssue(root, id, publication)).rejects.toMatchObject({ code: 'not-found' })
    }
  })
})

describe('an issue of several briefs', () => {
  test('is read in full, the briefs by order and then by name', async () => {
    const { issue, findings, files } = await load(whole)
    expect(findings).toEqual([])
    expect(issue?.briefs.map(({ id }) => id)).toEqual(['two', 'one'])
    expect(issue).toMatchObject({ id: 'w1', file: 'briefs/w1/issue.md', lang: 'en', template: 'weekly' })
    expect([...(issue?.numbers ?? [])]).toEqual([['daily', 1]])
    expect(files).toEqual([
      'briefs/w1/issue.md',
      'briefs/w1/one.md',
      'briefs/w1/sources.yaml',
      'briefs/w1/two.md',
    ])
  })

  test('takes the briefs that it lists, in that order, and only those', async () => {
    const { issue } = await load({ ...whole, 'briefs/w1/issue.md': front({ briefs: '[one]' }) })
    expect(issue?.briefs.map(({ id }) => id)).toEqual(['one'])
  })

  test.each([
    [{ newsletter: 'weekli' }, 'briefs/w1/issue.md:4:13  onrecord.yaml has no newsletter “weekli”.  (DC801)'],
    [
      { newsletter: 'constructor' },
      'briefs/w1/issue.md:4:13  onrecord.yaml has no newsletter “constructor”.  (DC801)',
    ],
    [
      { template: 'weeklyy' },
      'briefs/w1/issue.md:7:11  There is no template “weeklyy” under templates/.  (DC801)',
    ],
    [{ briefs: '[one, tow]' }, 'briefs/w1/issue.md:7:15  There is no brief “tow” beside issue.md.  (DC801)'],
    [{ briefs: '[one, one]' }, 'briefs/w1/issue.md:7:15  The brief “one” is listed twice.  (DC801)'],
    [
      { briefs: '[issue, one]' },
      'briefs/w1/issue.md:7:10  There is no brief “issue” beside issue.md.  (DC801)',
    ],
  ])('says which name in %j is unknown, at its place', async (changes, expected) => {
    const files = { ...whole, 'templates/weekly/email.mjml': '', 'briefs/w1/issue.md': front(changes) }
    const loaded = await load(files)
    expect(loaded.findings.map(formatFinding)).toEqual([expected])
    expect(loaded.issue?.briefs.length).toBeGreaterThan(0)
  })

  test('is shown without the file that cannot be read, and says why', async () => {
    const loaded = await load({ ...whole, 'briefs/w1/two.md': '---\ntitle: [\n---\n' })
    expect(loaded.issue?.briefs.map(({ id }) => id)).toEqual(['one'])
    expect(blocks(loaded.findings)).toBe(true)
    expect(loaded.findings.every((each) => each.file === 'briefs/w1/two.md')).toBe(true)
  })

  test('is shown while its issue.md is broken, and cannot go out', async () => {
    const loaded = await load({ ...whole, 'briefs/w1/issue.md': '---\nsubject\n---\n' })
    expect(loaded.issue).toMatchObject({ meta: { subject: 'The second one', status: 'draft' } })
    expect(blocks(loaded.findings)).toBe(true)
  })

  test('without a brief is nothing, and says so', async () => {
    const loaded = await load({ 'briefs/w1/issue.md': front(), 'briefs/w1/notes.txt': '' })
    expect(loaded.findings.map(formatFinding)).toEqual([
      'briefs/w1/issue.md:1:1  This issue has no brief.  (DC801)',
    ])
  })

  test('names a brief whose file name cannot be an anchor', async () => {
    expect(await reported({ ...whole, 'briefs/w1/my brief.md': brief('x') })).toEqual([
      'briefs/w1/my brief.md:1:1  The name of a brief’s file must be letters, digits and hyphens, and end with .md.  (DC801)',
    ])
  })

  test('reports a ledger that is a binary file, and keeps the briefs', async () => {
    const loaded = await load({ ...whole, 'briefs/w1/sources.yaml': Buffer.from([0xff, 0xfe, 0x00]) })
    expect(loaded.issue?.briefs).toHaveLength(2)
    expect(loaded.findings[0]).toMatchObject({ rule: 'DC815', file: 'briefs/w1/sources.yaml' })
  })

  test('joins the sources of its briefs', async () => {
    const own = `sources:\n${ledger.replaceAll(/^/gm, '  ').replace('daily', 'own').replace('daily.test/1', 'own.test').trimEnd()}\n`
    const { issue, findings } = await load({ ...whole, 'briefs/w1/one.md': brief('x is the first', own) })
    expect(findings).toEqual([])
    expect(issue?.ledger.get('own')?.place).toMatchObject({ file: 'briefs/w1/one.md', line: 6 })
  })
})

describe('an issue in a single file', () => {
  test('is one brief', async () => {
    const text = brief('The first one', 'newsletter: weekly\nstatus: draft\n', 'Words.\n').replace(
      '-10',
      '-14',
    )
    const { issue, findings } = await load({ 'briefs/solo.md': text }, 'solo')
    expect(findings.filter((each) => each.severity === 'error')).toEqual([])
    expect(issue).toMatchObject({
      id: 'solo',
      file: 'briefs/solo.md',
      meta: { subject: 'The first one', newsletter: 'weekly' },
      briefs: [{ id: 'solo' }],
    })
  })

  test('gives way to a folder of that name, and says so', async () => {
    expect(await reported({ ...whole, 'briefs/w1.md': 'x' })).toEqual([
      'briefs/w1.md:1:1  There is also a folder “w1”, which is what is read.  (DC801)',
    ])
  })
})

describe('nothing outside the publication is read', () => {
  test('through a link in place of a brief, a ledger or an image', async () => {
    const outside = writePublication({
      'secret.md': brief('Outside'),
      'secret.png': png(2, 2, 1),
      'l.yaml': ledger,
    })
    const root = write({
      ...whole,
      'briefs/w1/images/inside.png': png(2, 2, 2),
      'briefs/w1/one.md': brief('The first one', '', '![x](images/out.png) ![y](images/in.png)\n'),
    })
    symlinkSync(join(outside.root, 'secret.md'), join(root, 'briefs/w1/three.md'))
    symlinkSync(join(outside.root, 'secret.png'), join(root, 'briefs/w1/images/out.png'))
    symlinkSync('inside.png', join(root, 'briefs/w1/images/in.png'))
    const loaded = await loadIssue(root, 'w1', publication)
    outside.remove()
    expect(loaded.findings.map(formatFinding)).toEqual([
      'briefs/w1/three.md:1:1  This file is a link that leads out of the publication.  (DC815)',
      'briefs/w1/one.md:6:1  The image “briefs/w1/images/out.png” lies outside the publication.  (DC809)',
    ])
    expect([...(loaded.issue?.images.keys() ?? [])]).toEqual(['briefs/w1/images/in.png'])
  })

  test('through a folder that is a link', async () => {
    const outside = writePublication({ 'w9/issue.md': front(), 'w9/one.md': brief('Outside') })
    const root = write(whole)
    symlinkSync(join(outside.root, 'w9'), join(root, 'briefs/w9'))
    await expect(loadIssue(root, 'w9', publication)).rejects.toMatchObject({ code: 'not-found' })
    outside.remove()
  })

  test.each([
    '../../../secret.png',
    '/etc/hostname',
    'file:///etc/hostname',
    '..\\secret.png',
    'https://a.test/x.png',
    '%2e%2e/%2e%2e/%2e%2e/x.png',
    '.',
  ])('by the path of an image: %s', async (src) => {
    const loaded = await load({
      ...whole,
      'briefs/w1/one.md': brief('The first one', `image: {src: "${src.replaceAll('\\', '\\\\')}", alt: x}\n`),
    })
    expect(loaded.findings.map(({ rule, line, column }) => [rule, line, column])).toEqual([['DC809', 5, 14]])
    expect(loaded.issue?.images.size).toBe(0)
  })
})

test('an image that is not there is reported where it is named, each time', async () => {
  const text = brief('The first one', 'image: {src: images/a.png, alt: x}\n', 'Words ![x](images/a.png)\n')
  const loaded = await load({ ...whole, 'briefs/w1/one.md': text })
  expect(loaded.findings.map(formatFinding)).toEqual([
    'briefs/w1/one.md:5:14  There is no image “briefs/w1/images/a.png”.  (DC809)',
    'briefs/w1/one.md:7:7  There is no image “briefs/w1/images/a.png”.  (DC809)',
  ])
  expect(loaded.files).toContain('briefs/w1/images/a.png')
})

test('an issue is read anew each time', async () => {
  const root = write(whole)
  await loadIssue(root, 'w1', publication)
  writeFileSync(join(root, 'briefs/w1/two.md'), brief('Another title'))
  const { issue } = await loadIssue(root, 'w1', publication)
  expect(issue?.briefs.map(({ meta }) => meta.title)).toEqual(['The first one', 'Another title'])
})
