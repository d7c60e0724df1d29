import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { citationsOf } from '../../src/brief/citations.ts'
import { parseMarkdown } from '../../src/brief/markdown.ts'
import { parseLedger } from '../../src/sources/ledger.ts'
import { matchQuotation } from '../../src/sources/quotation.ts'
import { readDocument } from '../../src/sources/readable.ts'
import { checkCapture, readCaptures, readSnapshot } from '../../src/sources/snapshot.ts'
import type { Ledger } from '../../src/sources/source.ts'
import { harbour, serveHarbour, type HarbourPages } from './harbour.ts'

const issue = join(harbour, 'briefs', '2026-w10')
const snapshots = join(harbour, 'snapshots')
let ledger: Ledger
let then: HarbourPages
let now: HarbourPages

beforeAll(async () => {
  const parsed = parseLedger('sources.yaml', await readFile(join(issue, 'sources.yaml'), 'utf8'))
  expect(parsed.findings).toEqual([])
  ledger = parsed.value ?? new Map()
  then = await serveHarbour('then')
  now = await serveHarbour('now')
})
afterAll(async () => {
  await then.close()
  await now.close()
})

async function snapshotOf(id: string): Promise<string> {
  const kept = await readSnapshot(snapshots, ledger.get(id)?.snapshot ?? '')
  if (kept.state !== 'text') throw new Error(`${id}: ${kept.state}`)
  return kept.text
}

async function live(pages: HarbourPages, id: string) {
  const page = await pages.fetcher.fetchPage(ledger.get(id)?.url ?? '')
  if (page.kind === 'failure') return page
  return readDocument(page.body, page.headers['content-type'] ?? null, page.finalUrl)
}

describe('the snapshots of Lennmouth', () => {
  test('are whole, each with its WARC, and a page that has not changed reads the same today', async () => {
    for (const source of ledger.values()) {
      const captures = await readCaptures(snapshots, source.snapshot ?? '')
      expect(captures, source.id).toHaveLength(1)
      for (const capture of captures)
        expect(await checkCapture(snapshots, capture)).toEqual({ state: 'whole' })
      if (source.url !== null)
        expect(await live(then, source.id)).toMatchObject({ text: await snapshotOf(source.id) })
    }
  })

  test('hold what quotations.yaml says they hold, and nothing of what it says they do not', async () => {
    const cases: unknown = parse(await readFile(join(harbour, 'quotations.yaml'), 'utf8'))
    expect(Array.isArray(cases) && cases.length).toBeGreaterThan(20)
    if (!Array.isArray(cases)) return
    for (const { source, holds, quotation } of cases) {
      const text = await snapshotOf(String(source))
      expect(matchQuotation(text, String(quotation)).found, String(quotation)).toBe(holds)
    }
  })

  test.each(['ferry', 'mole'])('hold every quotation that the citations of %s name', async (brief) => {
    const body = (await readFile(join(issue, `${brief}.md`), 'utf8')).replace(/^---\n.*?\n---\n/su, '')
    const tree = parseMarkdown(`${brief}.md`, body).tree
    const items = tree === null ? [] : citationsOf(tree).flatMap((citation) => citation.items)
    expect(items.length).toBeGreaterThanOrEqual(4)
    for (const { id, quote } of items) {
      expect(ledger.has(id), id).toBe(true)
      if (quote !== null) expect(matchQuotation(await snapshotOf(id), quote).found, quote).toBe(true)
    }
  })
})

describe('the pages of Lennmouth today', () => {
  test('one has changed: a cited passage is gone, the others are still there', async () => {
    const page = await live(now, 'post-ferry')
    if (page.kind !== 'document') throw new Error(page.message)
    const gone = 'the treasurer proposed to sell the older of the two vessels'
    expect(matchQuotation(await snapshotOf('post-ferry'), gone).found).toBe(true)
    expect(matchQuotation(page.text, gone).found).toBe(false)
    expect(matchQuotation(page.text, 'I have written eleven letters').found).toBe(true)
    expect(page.metadata).toMatchObject({ published: '2026-03-04', modified: '2026-03-09' })
  })

  test('one is dead, and one lets nobody in', async () => {
    expect(await live(now, 'skippers-letter')).toMatchObject({ kind: 'failure', reason: 'dead', status: 404 })
    expect(await live(now, 'county-statement')).toMatchObject({
      kind: 'failure',
      reason: 'unverifiable',
      status: 403,
      finalUrl: 'https://county.example/statement.html',
    })
  })
})
