import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { issueWork } from '../../src/cli/issue-work.ts'
import { keepRendered } from '../../src/cli/keep-rendered.ts'
import { readIssue, renderIssue, type IssueSettings } from '../../src/cli/ready-issue.ts'
import { loadConfig } from '../../src/config.ts'
import { brief, testPublication, type TestPublication } from '../studio/publication.ts'

let place: TestPublication
const settings = (): IssueSettings => loadConfig({ dir: place.dir, environment: {} })
beforeAll(async () => {
  place = await testPublication()
  await place.write('briefs/harbour.md', brief('The quay stays open', 'Good morning.'))
})
afterAll(() => place.remove())

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(join(place.dir, file), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(place.dir, file), text.replace(from, to))
}

test('whatever is edited, what is built is what one that kept nothing builds', async () => {
  const work = issueWork(settings)
  const built = async (): Promise<string> => {
    const now = await work.build('harbour')
    expect(now).toEqual(await issueWork(settings).build('harbour'))
    return JSON.stringify(now.ready?.editions ?? now.blocking)
  }
  let last = await built()
  expect(await built()).toBe(last)
  const edits: readonly (readonly [string, string, string])[] = [
    ['briefs/harbour.md', 'Good morning', 'Good evening'],
    ['briefs/harbour.md', '\nGood evening', '\n:::nothing\nGood evening'],
    ['briefs/harbour.md', '\n:::nothing', '\n'],
    ['briefs/harbour.md', 'preheader: What', 'preheader: All that'],
    ['onrecord.yaml', 'postalAddress: ', 'postalAddress: Top floor, '],
    ['templates/weekly/email/style.css.hbs', '{', '{ letter-spacing: 1px;'],
    ['briefs/harbour.md', 'The quay stays open\n', 'The quay [@nobody]\n'],
  ]
  for (const [file, from, to] of edits) {
    edit(file, from, to)
    const next = await built()
    expect(next).not.toBe(last)
    last = next
  }
})

test('a state is nothing to render again, a changed word is', async () => {
  await place.write('briefs/harbour.md', brief('The quay stays open', 'Good morning.'))
  let renders = 0
  const render = keepRendered((...all) => {
    renders++
    return renderIssue(...all)
  })
  const rendered = async () => render(settings(), await readIssue(settings(), 'harbour'))
  const first = await rendered()
  expect(first.editions).toHaveLength(3)
  edit('briefs/harbour.md', 'status: draft', 'status: approved')
  expect(await rendered()).toBe(first)
  expect(renders).toBe(1)
  edit('briefs/harbour.md', 'Good morning', 'Good night')
  expect((await rendered()).editions[0]?.html).toContain('Good night')
  expect(renders).toBe(2)
})

test('a render that failed is tried again', async () => {
  let fails = true
  const render = keepRendered((...all) => {
    if (fails) throw new Error('the disk')
    return renderIssue(...all)
  })
  const atHand = await readIssue(settings(), 'harbour')
  await expect(render(settings(), atHand)).rejects.toThrow('the disk')
  fails = false
  expect((await render(settings(), atHand)).editions).toHaveLength(3)
})
