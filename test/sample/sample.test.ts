import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Nodes, Root } from 'mdast'
import { expect, test } from 'vitest'
import { citationsOf } from '../../src/brief/citations.ts'
import { directiveNames } from '../../src/brief/directive-names.ts'
import { plainText } from '../../src/brief/plain-text.ts'
import { loadConfig } from '../../src/config.ts'
import type { Finding } from '../../src/core/finding.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { buildEditions } from '../../src/email/build.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { looks } from '../render/looks.ts'

const root = join(import.meta.dirname, '../..')
const { publication } = loadConfig({ dir: root, environment: { SECRET_KEY: 'x'.repeat(32) } })
const loaded = await loadIssue(root, '2025-w46', publication)
if (loaded.issue === null) throw new Error('the sample issue cannot be read')
const issue = loaded.issue
const bodies: readonly Root[] = [issue.note, ...issue.briefs.map(({ body }) => body)]
const quotes = [...issue.ledger.values()].flatMap((source) => source.quotes)

/** Every node under `node`, itself first. */
function nodesOf(node: Nodes): Nodes[] {
  return [node, ...('children' in node ? node.children.flatMap(nodesOf) : [])]
}

function words(text: string): number {
  return text.trim().split(/\s+/).length
}

/** Whether `text` is a stretch of a quotation of the ledger, up to the case and punctuation of its ends. */
function isListed(text: string): boolean {
  const bare = (each: string): string =>
    each
      .replace(/\s+/g, ' ')
      .replaceAll('’', "'")
      .replace(/[.,;]$/, '')
  return quotes.some((quote) => bare(quote).includes(bare(text)))
}

/** What the desk is right about and the pages at hand cannot mend: two claims of one voice, three unnamed people. */
const admitted = ['DC402', 'DC402', 'DC402', 'DC501', 'DC501']

test('the sample is approved, is within the form and has no finding but what is not known or not to be mended', () => {
  const isUnknownAccess = (each: Finding): boolean =>
    each.rule === 'DC103' && each.severity === 'warning' && each.message.startsWith('It is not known when')
  const findings = checkIssue(loaded, publication)
  const others = findings.filter((each) => !isUnknownAccess(each))
  expect(others.filter((each) => each.severity !== 'warning')).toEqual([])
  expect(others.map((each) => each.rule).toSorted()).toEqual(admitted)
  expect(issue.meta.status).toBe('approved')
  expect(loaded.waivers.length).toBeLessThanOrEqual(3)
})

test('it exercises every directive but the correction', () => {
  const used = new Set(bodies.flatMap(nodesOf).map(({ type }) => String(type)))
  expect(directiveNames.filter((name) => !used.has(name))).toEqual(['correction'])
  expect(used.has('table')).toBe(true)
})

test('it exercises every form of a citation', () => {
  const citations = bodies.flatMap(citationsOf)
  const items = citations.flatMap((each) => each.items)
  expect(citations.some((each) => each.narrative)).toBe(true)
  expect(citations.some((each) => each.key)).toBe(true)
  expect(citations.some((each) => each.claim !== null)).toBe(true)
  expect(citations.some((each) => each.scope === 'para')).toBe(true)
  expect(citations.some((each) => each.items.length > 1)).toBe(true)
  expect(items.some((each) => each.locator !== null)).toBe(true)
  expect(items.some((each) => each.via !== null)).toBe(true)
})

test('a citation’s words are words of its own source', () => {
  for (const item of bodies.flatMap(citationsOf).flatMap((each) => each.items)) {
    if (item.quote === null) continue
    const listed = issue.ledger.get(item.id)?.quotes.some((quote) => quote.includes(item.quote ?? ''))
    expect(listed, `${item.id}: ${item.quote}`).toBe(true)
  }
})

test('what stands between quotation marks is listed in the ledger, twenty words at most', () => {
  const quoted = bodies
    .flatMap(nodesOf)
    .filter(({ type }) => type === 'paragraph')
    .flatMap((paragraph) => [...plainText(paragraph).matchAll(/“([^”]+)”/g)].map(([, text = '']) => text))
    // Two single words are named as words, not quoted.
    .filter((text) => words(text) > 1)
  expect(quoted.length).toBeGreaterThan(6)
  expect(quoted.filter((text) => !isListed(text))).toEqual([])
  for (const quote of quotes) expect(words(quote), quote).toBeLessThanOrEqual(20)
})

test('the ledger claims no access and no snapshot, and carries no tracking parameter', () => {
  const sources = [...issue.ledger.values()]
  expect(sources.length).toBeGreaterThanOrEqual(30)
  expect(sources.every(({ accessed, snapshot }) => accessed === 'unknown' && snapshot === null)).toBe(true)
  const text = readFileSync(join(root, 'briefs/2025-w46/sources.yaml'), 'utf8')
  expect(text).not.toMatch(/utm_|[?&](cid|campaign|traffic_source)=/)
})

test('the briefs are of a length to be read, share a tag and have no address of a source in them', () => {
  for (const brief of issue.briefs) {
    const count = words(brief.body.children.map(plainText).join(' '))
    expect(count, brief.id).toBeGreaterThan(900)
    expect(count, brief.id).toBeLessThan(1400)
  }
  const [first = [], second = []] = issue.briefs.map(({ meta }) => meta.tags)
  expect(first[0]).toBe(second[0])
  for (const brief of issue.briefs)
    expect(readFileSync(join(root, brief.file), 'utf8')).not.toMatch(/https?:/)
})

test.each(looks)(
  'its editions can be built in the look $name, the member’s in 77 KB, well below what Gmail cuts',
  async (template) => {
    const { editions, findings } = await buildEditions(loaded, {
      publication,
      baseUrl: publication.url,
      template,
    })
    expect(findings).toEqual([])
    expect(editions.map(({ tier }) => tier)).toEqual(['public', 'subscriber', 'member'])
    expect(editions.at(-1)?.bytes.html).toBeLessThanOrEqual(77_000)
  },
)

test('its pictures are sharp enough for the column and light enough for mail', () => {
  const folder = join(root, 'briefs/2025-w46/images')
  const pictures = readdirSync(folder).filter((name) => /\.(png|jpg)$/.test(name))
  expect(pictures).toContain('istanbul-dusk.png')
  for (const name of pictures) expect(statSync(join(folder, name)).size).toBeLessThan(120 * 1024)
  expect([...issue.images.values()].every(({ width }) => width === 600)).toBe(true)
})
