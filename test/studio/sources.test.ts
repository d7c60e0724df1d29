import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStandInTitle } from '../../src/sources/stand-in.ts'
import type { Failure } from '../../src/studio/contract/failure.ts'
import type {
  PastedSource,
  QuoteCitation,
  SourceList,
  SourceOfUrl,
  StoredCopy,
} from '../../src/studio/contract/sources.ts'
import { openBed, type StudioBed } from './bed.ts'
import { servePages, type Pages } from './pages.ts'

const single = `---
title: One file   # alone
standfirst: Everything in one place.
newsletter: weekly
date: 2025-11-14
status: draft
---

A sentence.
`

let pages: Pages
let bed: StudioBed
beforeAll(async () => {
  pages = await servePages()
  bed = await openBed({
    fetcher: pages.fetcher,
    prepare: async (dir) => {
      await writeFile(join(dir, 'briefs', 'alone.md'), single)
      await writeFile(join(dir, 'elsewhere.txt'), '')
    },
  })
})
afterAll(async () => {
  await bed.close()
  await pages.close()
})

const issue = '/api/issues/2025-w46'
const ledger = (): Promise<string> => readFile(join(bed.dir, 'briefs/2025-w46/sources.yaml'), 'utf8')
const list = async (): Promise<SourceList> => (await (await bed.ask(`${issue}/sources`)).json()) as SourceList

async function paste(url: string, open: unknown = null, at = issue) {
  const answer = await bed.send('POST', `${at}/sources`, { url, open })
  const body: unknown = await answer.json()
  return { status: answer.status, pasted: body as PastedSource, failure: body as Failure }
}

describe('the sources of an issue', () => {
  test('are those of its ledger, numbered as readers see them, with the places that cite them', async () => {
    const { ledger: file, sources, problem } = await list()
    expect(file).toBe('briefs/2025-w46/sources.yaml')
    expect(problem).toBe(null)
    const caliber = sources.find(({ id }) => id === 'caliber-1108')
    expect(caliber).toMatchObject({ number: 1, kind: 'newspaper', snapshot: false, place: { file } })
    const [first] = caliber?.cited ?? []
    const text = await readFile(join(bed.dir, first?.file ?? ''), 'utf8')
    const line = text.split('\n')[(first?.line ?? 0) - 1] ?? ''
    expect(line.slice((first?.column ?? 0) - 1)).toMatch(/^\[@caliber-1108; /u)
  })

  test('are known by any spelling of a page’s address', async () => {
    const url = encodeURIComponent('http://arabnews.pk/node/2621917/world/?utm_source=x#top')
    const { source } = (await (await bed.ask(`${issue}/source-of?url=${url}`)).json()) as SourceOfUrl
    expect(source?.id).toBe('arab-news')
    const other = await bed.ask(`${issue}/source-of?url=${encodeURIComponent('https://new.example/')}`)
    expect(await other.json()).toEqual({ source: null })
  })

  test('of no issue are not found', async () => {
    expect((await bed.ask('/api/issues/nope/sources')).status).toBe(404)
    expect((await bed.ask('/api/issues/..%2f../sources')).status).toBe(404)
  })
})

describe('a URL that is pasted', () => {
  test('becomes an entry after the last one, with what the page says, a stored copy and a citation', async () => {
    const before = await ledger()
    const { status, pasted } = await paste('https://paper.example/talks?utm_source=mail')
    expect(status).toBe(200)
    expect(pasted).toMatchObject({
      citation: '[@paper-1108]',
      existing: false,
      notes: [expect.stringContaining('What kind of source')],
      edit: null,
      source: {
        title: 'Talks end without a text',
        publisher: 'The Paper',
        author: ['Ana Writer'],
        published: '2025-11-08',
        url: 'https://paper.example/talks',
        snapshot: true,
        number: null,
      },
    })
    const after = await ledger()
    expect(after.startsWith(before)).toBe(true)
    expect(after.split('\n')[pasted.source.place.line - 1]).toContain('id: paper-1108')
    expect(await readdir(join(bed.dir, 'data/snapshots'))).toHaveLength(1)
  })

  test('that the ledger has is its citation at once: nobody is asked, nothing is written', async () => {
    const [before, asked] = [await ledger(), pages.asked.length]
    const { pasted } = await paste('http://www.paper.example/talks/#x')
    expect(pasted).toMatchObject({ citation: '[@paper-1108]', existing: true, notes: [] })
    expect([await ledger(), pages.asked.length]).toEqual([before, asked])
  })

  test.each([
    [
      'is walled off',
      'https://walled.example/a',
      'could not be read: The server did not let us read the page (403)',
    ],
    ['never answers', 'https://never.example/a', 'could not be read: The server took too long'],
    [
      'has a host that nobody knows, as without a network',
      'https://nowhere.example/a',
      'could not be read: The host',
    ],
  ])('whose page %s is an entry with what is known, which says what to look at', async (_, url, note) => {
    const { pasted, failure } = await paste(url)
    expect(failure.error).toBe(undefined)
    const { hostname } = new URL(url)
    expect(pasted.source).toMatchObject({
      title: `[Page of ${hostname}]`,
      publisher: hostname,
      published: 'unknown',
      accessed: 'unknown',
      snapshot: false,
    })
    expect(pasted.notes[0]).toContain(note)
    // It cannot go out like this (DC105).
    expect(isStandInTitle(pasted.source.title)).toBe(true)
  })

  test('of a PDF has what the PDF says; of a bare page the honest words for what is not said', async () => {
    expect((await paste('https://pdf.example/minutes.pdf')).pasted.source).toMatchObject({
      title: 'Minutes',
      snapshot: true,
    })
    const bare = (await paste('https://bare.example/x')).pasted
    expect(bare.source).toMatchObject({ title: '[Page of bare.example]', published: 'unknown' })
    expect(bare.notes).toContain('The page gives no date: “published” is unknown.')
  })

  test.each([
    ['is gone', 'https://paper.example.example/none', 409],
    ['is in a local network', 'http://127.0.0.1:9/admin', 409],
    ['is this machine', 'http://localhost/', 409],
    ['is that of a cloud’s own data', 'http://169.254.169.254/latest/meta-data', 409],
    ['is no web page', 'javascript:alert(1)', 400],
    ['holds a password', 'https://a:b@paper.example/', 400],
    ['is no address', 'hello there', 400],
  ])('that %s is refused in a sentence, and nothing is written', async (_, url, status) => {
    const before = await ledger()
    const answer = await paste(url)
    expect(answer.status).toBe(status)
    expect(answer.failure.error.message).toMatch(/^[A-Z].*\.$/u)
    expect(await ledger()).toBe(before)
  })

  test('loses nothing that another editor writes into the ledger meanwhile, nor another paste', async () => {
    const held = paste('https://slow.example/one')
    const also = paste('https://slow.example/two')
    await expect
      .poll(() => pages.asked.filter((each) => each.includes('/slow.example/')).length, { timeout: 10_000 })
      .toBe(1)
    const now = await ledger()
    await writeFile(join(bed.dir, 'briefs/2025-w46/sources.yaml'), `# Mine, from elsewhere.\n${now}`)
    pages.release()
    const [one, two] = await Promise.all([held, also])
    expect([one.status, two.status]).toEqual([200, 200])
    expect(one.pasted.citation).not.toBe(two.pasted.citation)
    const after = await ledger()
    expect(after.startsWith(`# Mine, from elsewhere.\n${now}`)).toBe(true)
    expect(after).toContain('https://slow.example/one')
    expect(after).toContain('https://slow.example/two')
  })

  test('that is given up writes nothing', async () => {
    const before = await ledger()
    const giveUp = new AbortController()
    const asked = bed.ask(`${issue}/sources`, {
      method: 'POST',
      body: JSON.stringify({ url: 'https://never.example/b', open: null }),
      headers: { 'Content-Type': 'application/json' },
      signal: giveUp.signal,
    })
    await expect
      .poll(() => pages.asked.some((each) => each.includes('/never.example/b')), { timeout: 10_000 })
      .toBe(true)
    giveUp.abort()
    await expect(asked).rejects.toThrow()
    // By now the page would have been given up as too slow, and been written as an entry.
    const other = await paste('https://never.example/c')
    expect(other.status).toBe(200)
    const after = await ledger()
    expect(after).not.toContain('never.example/b')
    expect(after.startsWith(before)).toBe(true)
  })

  test('into an issue of one file changes the open text, whose saving is the editor’s', async () => {
    const text = single.replace('A sentence.', 'Two, unsaved.')
    const open = { path: 'briefs/alone.md', text }
    const { pasted } = await paste('https://paper.example/alone', open, '/api/issues/alone')
    const { from, to, insert } = pasted.edit ?? { from: 0, to: 0, insert: '' }
    const written = text.slice(0, from) + insert + text.slice(to)
    expect(written).toContain('title: One file   # alone\n')
    expect(written).toContain('sources:\n  - id: paper-1108\n')
    expect(written.endsWith('Two, unsaved.\n')).toBe(true)
    expect(await readFile(join(bed.dir, 'briefs/alone.md'), 'utf8')).toBe(single)
    const again = await paste('https://paper.example/alone', { ...open, text: written }, '/api/issues/alone')
    expect(again.pasted).toMatchObject({ existing: true, citation: '[@paper-1108]' })
  })
})

describe('a stored copy', () => {
  const copy = async (id: string, method = 'GET') => {
    const answer = await bed.ask(`${issue}/sources/${id}/copy`, { method })
    return { status: answer.status, body: (await answer.json()) as StoredCopy & Failure }
  }
  const quote = async (words: string, id = 'paper-1108'): Promise<QuoteCitation> =>
    (await (await bed.send('POST', `${issue}/sources/${id}/citation`, { words })).json()) as QuoteCitation

  test('is read as text, and words of it make a citation', async () => {
    const { body } = await copy('paper-1108')
    expect(body.text).toContain('There is a complete deadlock')
    expect(body.capturedAt).toMatch(/^20\d\d-/u)
    expect(await quote('no fourth one is planned')).toEqual({
      citation: '[@paper-1108, "no fourth one is planned"]',
      problem: null,
    })
  })

  test.each([
    ['with quotation marks', '“There is a complete deadlock,” the minister told reporters.'],
    ['over two paragraphs', 'two officials said.\n\n“There is a complete deadlock,”'],
    ['with brackets and signs', 'stays in place [for now], with 40 people & one office.'],
  ])('gives a citation for words %s that is read back as those words', async (_, words) => {
    const { citation, problem } = await quote(words)
    expect(problem).toBe(null)
    expect(citation).toMatch(/^\[@paper-1108, .+\]$/su)
  })

  test('gives none for words that it does not hold, for half a word, or for none', async () => {
    for (const words of ['a fifth one is planned', 'ourth one is plann', ' \n', 'x'.repeat(2_000)]) {
      const { citation, problem } = await quote(words)
      expect(citation).toBe(null)
      expect(problem).toMatch(/^[A-Z].*\.$/u)
    }
  })

  test('that is not there says why, and can be kept', async () => {
    const none = await copy('arab-news')
    expect(none.body).toMatchObject({
      text: null,
      fetchable: true,
      reason: 'No copy of this page is kept yet.',
    })
    expect(await quote('anything', 'arab-news')).toMatchObject({
      problem: 'No copy of this page is kept yet.',
    })
    const text = await ledger()
    const path = join(bed.dir, 'briefs/2025-w46/sources.yaml')
    await writeFile(
      path,
      text.replace('https://www.arabnews.pk/node/2621917/world', 'https://paper.example/arab'),
    )
    const kept = await copy('arab-news', 'POST')
    expect(kept.body.text).toContain('no fourth one is planned')
    expect(await ledger()).toMatch(/- id: arab-news\n(?: {2}.*\n)*? {2}snapshot: sha256:[0-9a-f]{64}\n/u)
    const refused = await copy('cna-1108', 'POST')
    expect(refused.body.error.message).toMatch(/^No copy could be kept\. /u)
    expect((await copy('nobody')).status).toBe(404)
  })
})
