import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Finding } from '../../src/core/finding.ts'
import type { CheckedIssue } from '../../src/desk/checked-issue.ts'
import { checkIssue, createDesk } from '../../src/desk/desk.ts'
import { diskCache, memoryCache, type DeskCache } from '../../src/desk/desk-cache.ts'
import { planCheck } from '../../src/desk/engine.ts'
import type { Evidence } from '../../src/desk/evidence.ts'
import type { Example } from '../../src/desk/rule.ts'
import { quoteNotFound } from '../../src/desk/rules/dc301-quote-not-found.ts'
import { publication } from '../issue/rich-issue.ts'
import { loadExample } from './example.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'onrecord-desk-'))
  folders.push(made)
  return made
}

/** A cache that counts what it was asked to keep. */
function counting(cache: DeskCache): DeskCache & { readonly kept: string[] } {
  const kept: string[] = []
  return {
    kept,
    get: (name, key) => cache.get(name, key),
    set: (name, key, findings) => {
      kept.push(name)
      return cache.set(name, key, findings)
    },
  }
}

function deskOver(cache: DeskCache, evidence: Evidence) {
  return createDesk({
    readSnapshot: async (hash) => evidence.snapshots?.get(hash) ?? { state: 'missing' },
    readLinks: async () => evidence.links,
    cache,
  })
}

const bad = quoteNotFound.bad ?? { brief: '' }

async function check(cache: DeskCache, example: Example, settings = publication): Promise<Finding[]> {
  const { loaded, evidence } = loadExample(example)
  return deskOver(cache, evidence).check(loaded, settings)
}

function briefKey(loaded: CheckedIssue, evidence: Evidence, settings = publication.desk): string {
  if (loaded.issue === null) throw new Error('no issue')
  return planCheck(loaded.issue, settings, evidence).texts[1]?.key ?? ''
}

describe.each([
  ['in memory', () => memoryCache()],
  ['on disk', () => diskCache(folder())],
])('a cache %s', (_, open) => {
  test('checks a brief once, and says the same the second time', async () => {
    const cache = counting(open())
    const first = await check(cache, bad)
    expect(first.map((each) => each.rule)).toEqual(['DC301'])
    expect(cache.kept).toEqual(['note briefs/w1/issue.md', 'briefs/w1/one.md'])
    expect(await check(cache, bad)).toEqual(first)
    expect(cache.kept).toHaveLength(2)
  })

  test.each<[string, Example]>([
    ['its text', { ...bad, brief: `${bad.brief} It rained.` }],
    ['the place of its text', { ...bad, front: 'tags: [harbour]\n' }],
    ['a stored copy', { ...bad, snapshots: { daily: 'We did close the gates by ourselves.' } }],
    ['a source', { ...bad, ledger: bad.ledger?.replace('Harbour Daily', 'The Echo') ?? '' }],
    [
      'another source, which may be the same voice',
      {
        ...bad,
        ledger: `${bad.ledger}
- id: echo
  title: Gates closed
  publisher: The Echo
  url: https://echo.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
  consulted: true
`,
      },
    ],
  ])('checks it again after a change of %s, as a desk without a cache would', async (_, changed) => {
    const cache = counting(open())
    await check(cache, bad)
    const found = await check(cache, changed)
    expect(cache.kept.slice(2)).toContain('briefs/w1/one.md')
    expect(found).toEqual(await check(memoryCache(), changed))
  })

  test('applies severities and waivers afresh, without checking again', async () => {
    const cache = counting(open())
    await check(cache, bad)
    const desk = { ...publication.desk, severities: { DC301: 'warning' as const } }
    expect((await check(cache, bad, { ...publication, desk })).map((each) => each.severity)).toEqual([
      'warning',
    ])
    expect(cache.kept).toHaveLength(2)
  })
})

test('a change of limits changes the key, one of severities does not', () => {
  const { loaded, evidence } = loadExample(bad)
  const key = briefKey(loaded, evidence)
  expect(briefKey(loaded, evidence, { ...publication.desk, severities: { DC301: 'info' } })).toBe(key)
  expect(briefKey(loaded, evidence, { ...publication.desk, staleAfterDays: 1 })).not.toBe(key)
})

test('a stored copy that vanishes, or is damaged, changes the key', () => {
  const { loaded, evidence } = loadExample(bad)
  const states = ['missing', 'damaged'].map((state) => {
    const snapshots = new Map([...(evidence.snapshots ?? [])].map(([hash]) => [hash, { state, message: '' }]))
    return briefKey(loaded, { ...evidence, snapshots: snapshots as Evidence['snapshots'] })
  })
  expect(new Set([briefKey(loaded, evidence), ...states]).size).toBe(3)
})

describe('a cache on disk', () => {
  test.each<[string, (file: string) => void]>([
    ['cut off', (file) => truncateSync(file, 40)],
    ['empty', (file) => writeFileSync(file, '')],
    ['of another shape', (file) => writeFileSync(file, '{"key":1,"findings":[]}')],
    [
      'with a finding taken out',
      (file) =>
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), findings: [] })),
    ],
  ])('that is %s is ignored and written anew', async (_, damage) => {
    const dir = folder()
    const whole = await check(diskCache(dir), bad)
    const files = readdirSync(dir).map((name) => join(dir, name))
    expect(files).toHaveLength(2)
    for (const file of files) damage(file)
    const cache = counting(diskCache(dir))
    expect(await check(cache, bad)).toEqual(whole)
    expect(cache.kept).toContain('briefs/w1/one.md')
    const again = counting(diskCache(dir))
    expect(await check(again, bad)).toEqual(whole)
    expect(again.kept).toEqual([])
  })

  test('that cannot be written is no error', async () => {
    const file = join(folder(), 'taken')
    writeFileSync(file, '')
    const { loaded, evidence } = loadExample(bad)
    const found = await deskOver(diskCache(file), evidence).check(loaded, publication)
    expect(found).toEqual(checkIssue(loaded, publication, evidence))
  })
})
