import { beforeAll, describe, expect, test } from 'vitest'
import { createSite } from '../../src/site/site.ts'
import { openBed, type SiteBed } from './bed.ts'
import { publishQuoted } from './quoted-issue.ts'
import { loggedIn, visit, type Visitor } from './visitor.ts'

let bed: SiteBed
let anybody: Visitor
let subscriber: Visitor
let member: Visitor

beforeAll(async () => {
  bed = await openBed()
  await publishQuoted(bed)
  await bed.person('reader@brief.test')
  await bed.person('member@brief.test', 'member')
  anybody = visit(bed)
  subscriber = await loggedIn(bed, 'reader@brief.test')
  member = await loggedIn(bed, 'member@brief.test')
})

const read = async (who: Visitor, path = '/issues/w1'): Promise<string> => (await who.get(path)).text()

/** One line of the list of sources. */
const line = (html: string, number: number): string =>
  new RegExp(`<li id="s${number}"[^]*?</li>`).exec(html)?.[0] ?? ''

describe('an issue’s page', () => {
  test('leads from each citation to the list and back, without a script', async () => {
    const html = await read(anybody)
    const marks = [...html.matchAll(/<a class="c" id="(c\d+-\d+)" href="#(s\d+)"/g)]
    expect(marks.length).toBeGreaterThan(4)
    for (const [, id = '', target = ''] of marks) {
      expect(html).toContain(`<li id="${target}"`)
      expect(html).toContain(`<a class="back" href="#${id}"`)
    }
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    expect(ids).toHaveLength(new Set(ids).size)
  })

  test('says in numbers what is locked, and to members nothing of it', async () => {
    expect(words(await read(anybody))).toContain('5 sources, 1 open, 3 unlock when you confirm')
    expect(words(await read(subscriber))).toContain('5 sources, 4 open, 1 unlocks when you become a member')
    expect(await read(member)).not.toContain('class="unlock"')
  })

  test('shows a passage in the words of its stored copy, when that was captured, and what was checked', async () => {
    const shown = line(await read(subscriber), 2)
    expect(shown).toContain(
      '<span class="around">Its clerk read a note: “</span> <mark>The bridge stays shut until the divers are done</mark> <span class="around">,” and left. Behind the door</span>',
    )
    expect(shown).toContain('<time datetime="2025-11-10T09:00:00.000Z">10 November 2025</time>')
    expect(words(shown)).toContain('Found word for word in the stored copy')
    expect(words(shown)).toContain('SHA-256 aaaaaaaaaaaa…')
    expect(shown).toMatch(/href="https:\/\/harbour\.test\/note#:~:text=/)
  })

  test('keeps a passage that only members read out of the words around another', async () => {
    expect(await read(anybody)).not.toMatch(/WITHHELDWORDS|divers are done|harbour\.test|vault\.test/)
    expect(await read(subscriber)).not.toMatch(/WITHHELDWORDS|vault\.test/)
    expect(await read(member)).toContain('<mark>WITHHELDWORDS were read to the owners</mark>')
  })

  test('says what it is in its head, escaped, and nothing of it to others than the public’s finders', async () => {
    const html = await read(anybody)
    expect(html).toContain('<title>The bridge &amp; the &lt;harbour&gt; · The Ledger Brief</title>')
    expect(html).toContain('<link rel="canonical" href="https://brief.example.org/issues/w1">')
    expect(html).toContain('<meta property="og:title" content="The bridge &amp; the &lt;harbour&gt;">')
    expect(html).toContain('<meta property="article:published_time" content="2025-11-14">')
    expect(html).toMatch(
      /<meta property="og:image" content="https:\/\/brief\.example\.org\/images\/[0-9a-f]{32}\.png">/,
    )
    expect(html).not.toContain('noindex')
    const data = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
    expect(JSON.parse(data)).toHaveProperty('@graph')
    expect(await read(subscriber)).toContain('<meta name="robots" content="noindex">')
  })

  test('takes pictures from the site, wherever it was when the issue was frozen', async () => {
    const moved = await openBed({ baseUrl: 'https://moved.example.org' })
    await moved.editions.publish(await publishQuoted(bed))
    const html = await (await moved.site.request('/issues/w1')).text()
    expect(html).toMatch(/<img src="\/images\/[0-9a-f]{32}\.png"/)
    expect(html).toContain('<link rel="canonical" href="https://moved.example.org/issues/w1">')
  })

  test('has no style or script of its own: the policy needs no exception', async () => {
    const answer = await anybody.get('/issues/w1')
    expect(answer.headers.get('Content-Security-Policy')).not.toContain('unsafe')
    const html = await answer.text()
    expect(html).not.toMatch(
      / style="| on\w+="|<style|<script(?! src="\/assets\/| type="application\/ld\+json")/,
    )
    for (const [, path = ''] of html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const asset = await anybody.get(path)
      expect([asset.status, asset.headers.get('Cache-Control')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ])
    }
  })

  test('is not there before it is published', async () => {
    expect((await anybody.get('/issues/w2')).status).toBe(404)
  })
})

/** What a page says, without its markup. */
function words(html: string): string {
  return html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
}

test('what an issue names of ours is under the address that the site has now', async () => {
  const bed = await openBed()
  await bed.publish('2025-w46')
  const hash = (await bed.deps.archive.editionOf('2025-w46', 'public'))?.hash ?? ''
  const frozen = (await bed.deps.archive.page(hash))?.document
  if (frozen === null || frozen === undefined) throw new Error('there is no document')
  const former = bed.deps.baseUrl
  const teaser = `<a class="button" href="${former}/subscribe">Subscribe</a><a href="https://other.example/subscribe">`
  const image = {
    src: `${former}/images/${'a'.repeat(32)}.png`,
    width: 9,
    height: 9,
    alt: 'A quay',
    credit: null,
  }
  const document = {
    ...frozen,
    shareImage: image,
    briefs: frozen.briefs.map((brief) => ({ ...brief, image: null, bodyHtml: teaser + brief.bodyHtml })),
  }
  const baseUrl = 'https://moved.example.org'
  const archive = { ...bed.deps.archive, page: async () => ({ document, web: '' }) }
  const site = createSite({ ...bed.deps, archive, baseUrl })
  for (const path of ['/issues/2025-w46', `/issues/2025-w46/${frozen.briefs[0]?.id}`]) {
    const html = await (await site.request(path, { headers: { Host: 'moved.example.org' } })).text()
    expect(html).toContain(`content="${baseUrl}/images/${'a'.repeat(32)}.png"`)
    expect(html).toContain('<a class="button" href="/subscribe">Subscribe</a>')
    expect(html).not.toContain(`${former}/subscribe`)
    expect(html).toContain('href="https://other.example/subscribe"')
  }
})
