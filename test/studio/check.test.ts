import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CheckFinding, Fixed, IssueCheck } from '../../src/studio/contract/check.ts'
import type { Failure } from '../../src/studio/contract/failure.ts'
import type { Fix, FixChange } from '../../src/studio/contract/fix.ts'
import type { IssuePreview } from '../../src/studio/contract/preview.ts'
import { openBed, type StudioBed } from './bed.ts'
import { gates, writeGates } from './gates.ts'

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed({ threads: true, prepare: (dir) => writeGates(dir) })
})
afterAll(() => bed.close())
beforeEach(async () => {
  await writeGates(bed.dir)
  await until((check) => check.findings.length === 6 && check.findings.every(({ waived }) => waived === null))
})

const FILE = 'briefs/gates/quay.md'
const text = (): Promise<string> => readFile(join(bed.dir, FILE), 'utf8')

async function check(issue = 'gates'): Promise<IssueCheck> {
  return (await (await bed.ask(`/api/issues/${issue}/check`)).json()) as IssueCheck
}

/** The check, as soon as it is whole and fits. */
async function until(fits: (check: IssueCheck) => boolean, issue = 'gates'): Promise<IssueCheck> {
  return await expect
    .poll(
      async () => {
        const now = await check(issue)
        return !now.running && fits(now) ? now : null
      },
      { timeout: 20_000, interval: 50 },
    )
    .not.toBeNull()
    .then(() => check(issue))
}

function findingOf({ findings }: IssueCheck, rule: string): CheckFinding {
  const found = findings.find((each) => each.rule === rule)
  if (found === undefined)
    throw new Error(`nothing of ${rule} among ${findings.map((each) => each.rule).join(' ')}`)
  return found
}

interface Asked {
  readonly answer?: string
  readonly open?: { readonly path: string; readonly text: string }
}

async function fix({ key }: CheckFinding, id: string, { answer, open }: Asked = {}, at = 'fix') {
  const body = { key, fix: id, answer: answer ?? null, open: open ?? null }
  const response = await bed.send('POST', `/api/issues/gates/${at}`, body)
  const read: unknown = await response.json()
  return {
    status: response.status,
    fixed: read as Fixed,
    failure: read as Failure,
    change: read as FixChange,
  }
}

const fixIds = ({ fixes }: CheckFinding): readonly string[] => fixes.map(({ id }: Fix) => id)

describe('the check', () => {
  test('tells errors first, in sentences, with what mends them and why they matter', async () => {
    const { findings, rules, counts } = await check()
    expect(findings.map(({ severity }) => severity)).toEqual([
      ...Array(4).fill('error'),
      'warning',
      'warning',
    ])
    expect(counts).toEqual({ error: 4, warning: 2, info: 0 })
    for (const { hint, message, key, fixes } of findings) {
      expect(message).toMatch(/^[\p{Lu}“].*[.?”]$/u)
      expect(hint ?? 'None.').toMatch(/^\p{Lu}.*[.?”]$/u)
      expect(key.length).toBeGreaterThan(10)
      for (const { label } of fixes) expect(label).toMatch(/^[A-Z].*[^.]$/)
    }
    expect(rules['DC203']).toMatchObject({
      title: 'Uncited quote',
      why: expect.stringContaining('exactly this'),
    })
    expect(findings.map(fixIds)).toEqual([
      ['spelling', 'cite', 'waive'],
      ['words', 'waive'],
      ['cite', 'waive'],
      [],
      ['cite:echo', 'quote:echo', 'cite', 'waive'],
      ['day', 'waive'],
    ])
  })

  test('keeps the key of a finding when words are written above it', async () => {
    const before = findingOf(await check(), 'DC203').key
    await writeFile(
      join(bed.dir, FILE),
      (await text()).replace('\n\nThe gates', '\n\nIt rained.\n\nThe gates'),
    )
    const after = findingOf(await until((each) => findingOf(each, 'DC203').line === 15), 'DC203')
    expect(after.key).toBe(before)
  })

  test('of no issue is not found', async () => {
    expect((await bed.ask('/api/issues/nope/check')).status).toBe(404)
    expect((await fix({ ...findingOf(await check(), 'DC203'), key: 'nothing' }, 'cite')).status).toBe(404)
    expect((await bed.send('POST', '/api/issues/gates/fix', { key: 1 })).status).toBe(400)
  })
})

describe('a fix', () => {
  test('is written to the disk, takes its finding away, and can be taken back', async () => {
    const before = await text()
    const finding = findingOf(await check(), 'DC101')
    const { status, fixed } = await fix(finding, 'spelling')
    expect(status).toBe(200)
    expect(fixed).toMatchObject({ path: FILE, before, text: before.replace('dailly', 'daily') })
    expect(await text()).toBe(fixed.text)
    await until(({ findings }) => !findings.some(({ rule }) => rule === 'DC101'))
    const back = await bed.send('PUT', '/api/file', { path: FILE, text: fixed.before, base: fixed.hash })
    expect(back.status).toBe(200)
    expect(await text()).toBe(before)
  })

  test('of the open text is given back and not written, with what was typed elsewhere since', async () => {
    const before = await text()
    const open = { path: FILE, text: before.replace('nobody was told', 'nobody at all was told') }
    const { fixed } = await fix(findingOf(await check(), 'DC101'), 'spelling', { open })
    expect(fixed.hash).toBe(null)
    expect(fixed.text).toBe(open.text.replace('dailly', 'daily'))
    expect(fixed.edits.map(({ from, to, insert }) => open.text.slice(from, to) + insert)).toEqual(['l'])
    expect(await text()).toBe(before)
  })

  test('is a conflict where the same line was written in since', async () => {
    const open = { path: FILE, text: (await text()).replace('closed at noon', 'closed at one') }
    const { status, failure } = await fix(findingOf(await check(), 'DC101'), 'spelling', { open })
    expect(status).toBe(409)
    expect(failure.error).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('changed this place'),
    })
  })

  test('is refused in a sentence where it would bring another error', async () => {
    const before = await text()
    const { status, failure } = await fix(findingOf(await check(), 'DC203'), 'cite', { answer: 'daily' })
    expect(status).toBe(409)
    expect(failure.error.message).toMatch(
      /^This would bring another error: The stored copy of “daily” does not hold/,
    )
    expect(await text()).toBe(before)
  })

  test('is seen before it is made', async () => {
    const before = await text()
    const finding = findingOf(await check(), 'DC201')
    const shown = finding.fixes.find(({ id }) => id === 'cite:echo')?.change
    expect(shown).toMatchObject({ file: FILE, line: 7, removed: '', added: ' [@echo]', tail: '.' })
    const { change } = await fix(finding, 'cite', { answer: 'echo' }, 'fix/preview')
    expect(change).toEqual(shown)
    expect(await text()).toBe(before)
  })

  test('a waiver stands before its block, and its reason in the sourcing that readers get', async () => {
    const reason = 'It was read out on the quay, and no page has it.'
    for (const [rule, id, answer] of [
      ['DC101', 'spelling', null],
      ['DC301', 'words', null],
      ['DC203', 'waive', reason],
    ] as const) {
      const current = await until(({ findings }) =>
        findings.some((each) => each.rule === rule && each.waived === null),
      )
      const { status } = await fix(findingOf(current, rule), id, answer === null ? {} : { answer })
      expect(status).toBe(200)
    }
    await writeFile(join(bed.dir, FILE), (await text()).replace('[the other one](#)', 'no more'))
    const done = await until(({ counts }) => counts.error === 0)
    expect(await text()).toContain(`\n\n<!-- desk-ok DC203: ${reason} -->\n\n“Nobody ever asked us`)
    expect(findingOf(done, 'DC203').waived).toBe(reason)
    const preview = (await (
      await bed.ask('/api/issues/gates/preview?tier=subscriber')
    ).json()) as IssuePreview
    expect(preview.version).toBeGreaterThan(0)
    const frame = await (await bed.ask('/frame/gates/subscriber/mail')).text()
    expect(frame).toContain(reason)
  })
})

test('two hundred findings are told, with their fixes, while one waits', async () => {
  const lines = Array.from({ length: 200 }, (_, at) => `The council cut ${at + 41} posts in March.`)
  await writeGates(bed.dir, `${gates}\n\n${lines.join('\n\n')}`)
  const many = await until(({ findings }) => findings.length > 200)
  expect(many.findings.filter(({ rule }) => rule === 'DC201').length).toBe(201)
  await writeGates(bed.dir, `${gates}\n\nIt rained.\n\n${lines.join('\n\n')}`)
  const began = performance.now()
  const again = await until(({ version }) => version > many.version)
  const took = performance.now() - began
  expect(again.findings.every(({ fixes, rule }) => rule !== 'DC201' || fixes.length >= 2)).toBe(true)
  // A machine that does eight other things takes three times as long as one that does not.
  expect(took).toBeLessThan(8_000)
})
