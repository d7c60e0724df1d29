import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Frame, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../../src/outbox/file-name.ts'
import { openBed, type StudioBed } from '../../studio/bed.ts'
import { broken, hostileBed, packed, sent, wholes } from '../../studio/hostile-bed.ts'
import { elsewhere, hostileWords } from '../../studio/hostile-words.ts'
import { openProfile } from '../chromium.ts'

const logs = mkdtempSync(join(tmpdir(), 'onrecord-netlog-'))
const netLog = join(logs, 'net.json')
/** Where no name leads anywhere, the log does not say who was to be connected to. */
const noNames = '--host-resolver-rules=MAP *.evil.test 127.0.0.9, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
const hostile = hostileBed()
let bed: StudioBed
let browser: BrowserContext

beforeAll(async () => {
  bed = await openBed({ prepare: hostile.prepare })
  await hostile.fill(bed)
  // What no page can see, such as a name that is looked up before it is needed, the browser's own log shows.
  browser = await openProfile(join(logs, 'profile'), [`--log-net-log=${netLog}`, noNames])
}, 180_000)
afterAll(async () => {
  await browser?.close()
  await bed?.close()
  rmSync(logs, { recursive: true, force: true })
})

/** A page of the app, and everything that it does and must not. */
async function watched(path: string, by = browser): Promise<{ page: Page; wrong: string[] }> {
  const wrong: string[] = []
  const page = await by.newPage()
  page.setDefaultTimeout(30_000)
  const asked = { open: 0, since: performance.now() }
  asking.set(page, asked)
  const began = new Set<Request>()
  const ended = (request: Request): void => {
    if (!began.delete(request)) return
    asked.open--
    asked.since = performance.now()
  }
  page.on('request', (request) => {
    if (request.url().includes('/api/events?')) return
    began.add(request)
    asked.open++
    asked.since = performance.now()
  })
  // What is broken off with its frame is told of by nobody.
  page.on('framedetached', (frame) => {
    for (const request of began) if (frameOf(request) === frame) ended(request)
  })
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
  await page.exposeFunction('ran', (what: unknown) => wrong.push(`ran: ${String(what)}`))
  page.on('dialog', (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => wrong.push(`error: ${error.message}`))
  page.on('popup', (popup) => wrong.push(`popup: ${popup.url()}`))
  page.on('download', (download) => wrong.push(`download: ${download.url()}`))
  page.on('console', (message) => {
    // What a frame's policy stops is stopped; the app's own must have nothing to stop.
    const { url } = message.location()
    const isFrames = url.includes('/frame/') || /frame|sandbox/iu.test(message.text())
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource') && !isFrames)
      wrong.push(`console: ${message.text()}`)
  })
  await page.addInitScript(
    "if (top === self) addEventListener('securitypolicyviolation', (event) => console.error('the app’s policy: ' + event.violatedDirective + ' ' + event.blockedURI))",
  )
  // A request that a policy stopped is told of too, as one that failed by it.
  const look = (request: Request): void => {
    const { protocol, origin } = new URL(request.url())
    if (!['data:', 'about:', 'cid:'].includes(protocol) && origin !== bed.url)
      wrong.push(`asked: ${request.url()}`)
    if (request.method() !== 'GET' && !request.url().startsWith(`${bed.url}/api/`))
      wrong.push(`sent: ${request.url()}`)
    if (request.isNavigationRequest() && request.frame() === page.mainFrame() && !isSame(request.url()))
      wrong.push(`led to: ${request.url()}`)
  }
  const isSame = (url: string): boolean => new URL(url).pathname === new URL(bed.url + path).pathname
  page.on('requestfinished', look)
  page.on('requestfailed', (request) => {
    // By a policy, or since it is of no other origin that an SVG takes anything.
    if (!['csp', 'origin'].includes(request.failure()?.errorText ?? '')) look(request)
  })
  await page.goto(bed.url + path)
  return { page, wrong }
}

/** The app shows another of its screens, as after a click on a link. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
  )
}

function frameOf(request: Request): Frame | null {
  try {
    return request.frame()
  } catch {
    // Of a page that is not there yet.
    return null
  }
}

/** How long a page asks for nothing when it is done; what was broken off with its frame is never told, in milliseconds. */
const [QUIET_MS, BROKEN_OFF_MS] = [120, 1_500]

/** Requests of each page that have no answer yet, and since when nothing was asked or answered. */
const asking = new WeakMap<Page, { open: number; since: number }>()

/** Everything on the page is there: nothing is asked for, but what is told by events, and nothing says that it loads. */
async function settled(page: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        const { open, since } = asking.get(page) ?? { open: 0, since: 0 }
        const isQuiet = performance.now() - since > (open === 0 ? QUIET_MS : BROKEN_OFF_MS)
        return isQuiet && (await page.locator('main .loading').count()) === 0
      },
      { timeout: 40_000, interval: 30 },
    )
    .toBe(true)
}

/** All that is loaded, opened and folded out, as far as it changes nothing. */
async function unfold(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await settled(page)
  await page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
  const opens = page.locator('main [role="tab"], main [aria-expanded="false"], .issue .light')
  const count = Math.min(await opens.count(), 12)
  for (let at = 0; at < count; at++) {
    const one = opens.nth(at)
    if (await one.isVisible().catch(() => false)) await one.click({ timeout: 500 }).catch(() => undefined)
  }
  await settled(page)
  expect(await page.locator('header.top nav a').count()).toBeGreaterThan(2)
  expect(await page.evaluate("document.getElementById('main')?.tagName")).toBe('MAIN')
}

const issueScreens = ['draft', 'check', 'preview', 'compare', 'approve', 'send']

const screens = [
  ...['/', '/people', '/outbox'],
  ...issueScreens.map((screen) => `/issue/${sent}/${screen}`),
  ...issueScreens.map((screen) => `/issue/${broken}/${screen}`),
  ...wholes
    .slice(1)
    .flatMap((id) => ['check', 'preview', 'approve'].map((screen) => `/issue/${id}/${screen}`)),
]

test('hostile words are words on every screen, and of every person', async () => {
  const found = await bed.send('POST', '/api/people/search', {
    ...{ text: '', newsletter: null, tier: null, state: null, after: null },
  })
  const { people } = (await found.json()) as { people: readonly { id: string }[] }
  expect(people.length).toBeGreaterThan(40)
  const { page, wrong } = await watched('/')
  for (const path of [...screens, ...people.slice(0, 6).map(({ id }) => `/people/${id}`)]) {
    await go(page, path)
    await unfold(page)
    expect({ path, wrong }).toEqual({ path, wrong: [] })
  }
  await page.close()
}, 240_000)

test('a hostile file of people, its name, its columns and its trial are words', async () => {
  const { page, wrong } = await watched('/people/import')
  const cells = hostile.words.map(({ text }) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`)
  const rows = cells.map((cell, at) => `${at}@people.test,${cell},${cells[at + 1] ?? ''}`)
  const text = [`email,${cells[0]},${cells[7]}`, ...rows, ...cells.map((cell) => `${cell},x,x`)].join('\n')
  const name = '<img src=x onerror=ran(0)>.csv'
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('The trial').waitFor()
  await page.getByText(name).first().waitFor()
  expect(wrong).toEqual([])
  await page.close()
})

const mailAt = (at: number): string => `/outbox/${encodeURIComponent(fileName(at + 1, `<${at}@x.example>`))}`

/** Puts the HTML of these mails on a page of the app, each in a frame as the app makes it, all at once. */
async function frameAll(page: Page, ats: readonly number[]): Promise<void> {
  await page.evaluate(`Promise.all(${JSON.stringify(ats.map((at) => `/frame${mailAt(at)}`))}.map((src) => {
    const frame = document.createElement('iframe')
    frame.src = src
    document.body.append(frame)
    return new Promise((resolve) => { frame.onload = resolve })
  }))`)
}

test('every received mail is shown: nothing runs, leaves, is sent or led away, whoever it is from', async () => {
  const { page, wrong } = await watched('/outbox')
  await unfold(page)
  const all = [...hostile.words.keys()]
  await frameAll(page, all)
  await settled(page)
  const shown = new Set(page.frames().map((each) => each.url()))
  expect(all.filter((at) => !shown.has(`${bed.url}/frame${mailAt(at)}`))).toEqual([])
  expect(wrong).toEqual([])
  await page.close()
}, 120_000)

test('what the app says of received mail is words: its heads, text, files, headers, source and links', async () => {
  const { page, wrong } = await watched('/outbox')
  // All words are in the heads of these; and whatever takes the place of what a document has is shown by the app itself.
  const walked = hostile.words.flatMap(({ kind }, at) =>
    at % packed === 0 || kind === 'clobber' ? [at] : [],
  )
  for (const at of walked) {
    await go(page, mailAt(at))
    await page
      .locator(`iframe[src^="/frame${mailAt(at)}"]`)
      .first()
      .waitFor({ state: 'attached' })
    if (at % packed !== 0) continue
    for (const name of ['Text', 'Headers', 'Source', 'Links and checks']) {
      const tab = page.getByRole('tab', { name, exact: true })
      await tab.click()
      await expect.poll(() => tab.getAttribute('aria-selected')).toBe('true')
    }
  }
  await settled(page)
  expect(page.url()).toContain('/outbox/')
  expect(wrong).toEqual([])
  await page.close()
}, 120_000)

test('a frame reaches neither the app nor the network, a form, a window, a file or the disk, however it is pressed', async () => {
  const inFrame = `<!doctype html><base target="_top"><meta http-equiv="refresh" content="0;url=${bed.url}/outbox">
    <style>@import '//${elsewhere}/i.css'; @font-face{font-family:x;src:url(//${elsewhere}/f.woff2)} *{font-family:x} p{background:url(//${elsewhere}/b.png)}</style>
    <link rel=stylesheet href=//${elsewhere}/l.css><link rel=prefetch href=//${elsewhere}/p>
    <script>top.ran('script');parent.ran('parent');localStorage.x=1</script>
    <p onclick="ran('handler')" id=p>x</p>
    <a id=a1 href="javascript:top.ran('link')">1</a> <a id=a2 target=_top href="/people">2</a>
    <a id=a3 href="data:text/html,<script>top.ran(3)</script>">3</a> <a id=a4 download href="/api/shelf">4</a>
    <a id=a5 ping="//${elsewhere}/ping" href="#here">5</a> <a id=a6 target=x href="javascript:opener.ran(6)">6</a>
    <svg height=20><a id=s1 xlink:href="/people"><text y=20>s1</text></a><a id=s2 xlink:href="javascript:top.ran('svg')"><text y=20 x=40>s2</text></a></svg>
    <img usemap=#m width=40 height=20 id=i src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"><map name=m><area id=ar shape=rect coords=0,0,40,20 href="/people"></map>
    <form id=f1 action=/api/issues method=post><button id=b1>send</button></form>
    <form id=f2 action=//${elsewhere}/ target=_top><button id=b2>send</button><input id=in name=q></form>
    <form id=f3 action="javascript:top.ran('form')"><button id=b3>send</button></form>
    <button id=b4 formaction="javascript:top.ran('formaction')" form=f1>x</button>
    <iframe srcdoc="<script>top.ran('srcdoc')</script>"></iframe><iframe src=/></iframe><object data=//${elsewhere}/></object><embed src="/assets/x">
    <details id=d ontoggle="ran('toggle')"><summary id=su>more</summary>x</details><div popover id=po>pop</div><button id=b5 popovertarget=po>pop</button>
    <img name=querySelector><form name=body></form><img name=addEventListener><img name=documentElement><img name=defaultView>`
  const { page, wrong } = await watched('/outbox')
  const name = fileName(100_000, '<pressed@x.example>')
  const { writeFile } = await import('node:fs/promises')
  await writeFile(
    join(bed.dir, 'data/outbox', name),
    `Subject: pressed\r\nContent-Type: text/html\r\n\r\n${inFrame.replaceAll('\n', '\r\n')}`,
  )
  const path = `/outbox/${encodeURIComponent(name)}`
  await go(page, path)
  const frame = page.frameLocator(`iframe[src*="${encodeURIComponent(name)}"]`)
  await frame.locator('#p').waitFor()
  const ids = ['p', 'a1', 'a3', 'a4', 'a5', 'a6', 's1', 's2', 'i', 'b1', 'b2', 'b3', 'b4', 'su', 'b5']
  for (const id of ids)
    await frame
      .locator(`#${id}`)
      .click({ force: true, timeout: 3_000 })
      .catch(() => undefined)
  await frame
    .locator('#in')
    .press('Enter', { timeout: 3_000 })
    .catch(() => undefined)
  await settled(page)
  expect(page.frames().map((each) => decodeURIComponent(each.url()))).toContainEqual(
    expect.stringContaining(`/frame/outbox/${name}`),
  )
  expect(new URL(page.url()).pathname).toBe(path)
  expect(await page.evaluate('localStorage.x')).toBe(undefined)
  // A link that leads to the app's own pages is opened beside it, by us: `popup` is what it is.
  expect(
    wrong.filter(
      (each) =>
        !each.startsWith(`popup: ${bed.url}/`) &&
        each !== 'popup: about:blank' &&
        !each.startsWith('popup: :'),
    ),
  ).toEqual([])
  await page.close()
})

test('search words and parameters of an address are words', async () => {
  const { page, wrong } = await watched('/people')
  for (const path of ['/people', '/outbox', '/']) {
    await go(page, path)
    const search = page.locator('main input[type="search"]').first()
    await search.waitFor()
    for (const { text } of hostileWords(0).filter((_, at) => at % 12 === 0))
      await search.fill(text.slice(0, 300))
  }
  await settled(page)
  expect(wrong).toEqual([])
  for (const { text } of hostileWords(0).filter((_, at) => at % 15 === 0)) {
    const word = encodeURIComponent(text.toWellFormed().slice(0, 200)).replaceAll("'", '%27')
    const query = `?tier=${word}&persona=${word}&look=${word}&file=${word}&v=${word}#${word}`
    for (const path of [`/issue/${sent}/preview${query}`, `/issue/${word}/check`]) {
      await go(page, path)
      await page.locator('main h1').first().waitFor()
    }
  }
  await settled(page)
  expect(wrong).toEqual([])
  await page.close()
  // And as the first address of all.
  const word = encodeURIComponent('"><img src=x onerror=ran(1)>')
  const first = await watched(`/issue/${word}/preview?tier=${word}#${word}`)
  await first.page.locator('main h1').first().waitFor()
  expect(first.wrong).toEqual([])
  await first.page.close()
}, 120_000)

test('without the frame’s policy the same mails run scripts and ask other machines: this test can fail', async () => {
  const other = await openProfile(join(logs, 'other'), [`--log-net-log=${netLog}.other`, noNames])
  const { page, wrong } = await watched('/outbox', other)
  await page.route('**/frame/**', async (route) => {
    const answer = await route.fetch()
    const headers = { ...answer.headers() }
    delete headers['content-security-policy']
    const body = (await answer.text()).replace(/<meta(?= rel=)/g, '<link')
    await route.fulfill({ status: answer.status(), headers, body })
  })
  const kinds = ['script', 'handler', 'fetch', 'style', 'frame', 'page']
  // What asks another machine in vain may never be done; what all of them did is looked for below.
  const bare = hostile.words.flatMap(({ kind, text }, at) =>
    kinds.includes(kind) && !text.includes('refresh') ? [at] : [],
  )
  const ahead = hostile.words.findIndex(({ text }) => text.startsWith('<link rel=preconnect'))
  void frameAll(page, bare).catch(() => undefined)
  const did = (what: string): boolean => wrong.some((each) => each.startsWith(what))
  const isThere = async (): Promise<boolean> => {
    const frame = page.frames().find((each) => each.url() === `${bed.url}/frame${mailAt(ahead)}`)
    return (await frame?.evaluate('document.readyState')) === 'complete'
  }
  await expect
    .poll(async () => did('ran:') && did('asked:') && (await isThere()), { timeout: 60_000 })
    .toBe(true)
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await other.close()
  expect(lookedUp(`${netLog}.other`)).toEqual(expect.arrayContaining([elsewhere, `pre.${elsewhere}`]))
}, 180_000)

test('the browser itself looked nobody up and connected to nobody but this machine', async () => {
  // Told by its log, which is whole when it has ended.
  await browser.close()
  expect(lookedUp(netLog)).toEqual([])
})

function lookedUp(log: string): readonly string[] {
  const hosts = [...readFileSync(log, 'utf8').matchAll(/"(?:host|url)":"(?:https?:\/\/)?([^":/]*)/g)].map(
    ([, host]) => host ?? '',
  )
  return [...new Set(hosts)].filter((host) => host.includes('evil'))
}
