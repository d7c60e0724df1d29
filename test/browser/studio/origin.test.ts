import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileName } from '../../../src/outbox/file-name.ts'
import { routesOf } from '../../site/every-route.ts'
import { openBed, type StudioBed } from '../../studio/bed.ts'
import { samples, stateOf, worldOf, type Sample, type World } from '../../studio/every-route.ts'
import { openBrowser } from '../chromium.ts'

const mail = fileName(1, '<one@brief.example.org>')
let bed: StudioBed
let world: World
let browser: Browser
let elsewhere: Server
const folder = mkdtempSync(join(tmpdir(), 'onrecord-elsewhere-'))

beforeAll(async () => {
  bed = await openBed({
    async prepare(dir) {
      await mkdir(join(dir, 'data/outbox'))
      await writeFile(
        join(dir, 'data/outbox', mail),
        'Subject: One\r\nContent-Type: text/html\r\n\r\n<p>One</p>',
      )
    },
  })
  world = await worldOf(bed, mail)
  elsewhere = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>elsewhere</title>')
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  // A name of a stranger that points to this machine.
  browser = await openBrowser(['--host-resolver-rules=MAP rebound.test 127.0.0.1'])
})
afterAll(async () => {
  await browser?.close()
  elsewhere?.close()
  await bed?.close()
  rmSync(folder, { recursive: true })
})

const sampleOf = (route: string): Sample => samples[route]?.(world) ?? { path: '/' }
const methodOf = (route: string): string => (route.split(' ')[0] ?? 'GET').replace('ALL', 'POST')

/** Pages that are not ours: what each of them is, and the name by which its requests are nearest to being ours. */
const kinds = {
  'another port': '127.0.0.1',
  localhost: 'localhost',
  'a page without an origin': '127.0.0.1',
  'a file': '127.0.0.1',
  'a rebound name': 'rebound.test',
} as const
type Kind = keyof typeof kinds

/** What leads a frame to an address, and how a form is sent: a route meets each of them, from one kind of page or another. */
const framings = ['iframe', 'object', 'embed'] as const
const enctypes = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const

/** What a page can try with one address; what it could read comes back. */
const attack = `async (url, method, body, framing, enctype) => {
  const read = []
  const within = (promise, ms = 5_000) => Promise.race([promise, new Promise((done) => setTimeout(done, ms))])
  const asked = async (name, init) => {
    const abort = new AbortController()
    setTimeout(() => abort.abort(), 10_000)
    try {
      const answer = await fetch(url, { credentials: 'include', signal: abort.signal, ...init })
      if (answer.type === 'opaque' || answer.status === 403) return
      read.push(name + ': ' + answer.status + ' ' + answer.type)
    } catch {}
  }
  const text = JSON.stringify(body ?? {})
  const json = { 'Content-Type': 'application/json' }
  const all = [
    asked('cors', { method, ...(method === 'GET' ? {} : { body: text, headers: json }) }),
    asked('with a token', { method, headers: { ...json, 'X-Onrecord-Token': 'x' }, ...(method === 'GET' ? {} : { body: text }) }),
    asked('plain', { method: method === 'GET' ? 'GET' : 'POST', mode: 'no-cors', ...(method === 'GET' ? {} : { body: text, headers: { 'Content-Type': 'text/plain' } }) }),
  ]
  const isFrame = (tag) => ['iframe', 'object', 'embed'].includes(tag)
  const element = (tag, attributes) => {
    const one = document.createElement(tag)
    const done = new Promise((resolve) => {
      // What a frame shows is looked for from outside.
      one.onload = () => { if (!isFrame(tag)) read.push(tag + ' loaded'); resolve() }
      one.onerror = resolve
    })
    Object.assign(one, attributes)
    document.body.append(one)
    return within(done).then(() => {
      try { if (one.contentDocument?.body?.textContent) read.push(tag + ' read') } catch {}
      one.remove()
    })
  }
  if (method === 'GET') {
    all.push(
      element('img', { src: url }), element('script', { src: url }), element('link', { rel: 'stylesheet', href: url }),
      element('video', { src: url }), element(framing, framing === 'object' ? { data: url } : { src: url }),
    )
  } else {
    navigator.sendBeacon(url, text)
    // Into a frame of its own: two that lead one frame away are one.
    const sink = document.createElement('iframe')
    sink.name = 'sink ' + url + method
    sink.style.display = 'none'
    document.body.append(sink)
    const done = new Promise((resolve) => { sink.onload = resolve })
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', action: url, enctype, target: sink.name })
    const field = document.createElement('input')
    field.name = text.slice(0, -1) + ',"x":"'
    field.value = '"}'
    form.append(field)
    document.body.append(form)
    form.submit()
    all.push(within(done).then(() => { form.remove(); sink.remove() }))
  }
  await Promise.all(all)
  return read
}`

/** How often a route is tried in each way at least, by what the browser calls it. */
function waysOf(method: string, framing: unknown): Readonly<Record<string, number>> {
  return method === 'GET'
    ? {
        ...{ 'fetch GET': 3, 'image GET': 1, 'script GET': 1, 'stylesheet GET': 1, 'media GET': 1 },
        // A browser may know by its ending what no other frame shows.
        ...(framing === 'iframe' ? { 'document GET': 1 } : {}),
      }
    : { 'fetch POST': 1, [`fetch ${method}`]: method === 'POST' ? 3 : 2, 'ping POST': 1, 'document POST': 1 }
}

async function foreignPage(kind: Kind): Promise<Page> {
  const { port } = elsewhere.address() as AddressInfo
  const studioPort = new URL(bed.url).port
  const context = await browser.newContext()
  const page = await context.newPage()
  switch (kind) {
    case 'another port':
      await page.goto(`http://127.0.0.1:${port}/`)
      return page
    case 'localhost':
      await page.goto(`http://localhost:${port}/`)
      return page
    case 'a page without an origin':
      await page.goto('data:text/html,<!doctype html><title>x</title>')
      return page
    case 'a file': {
      const file = join(folder, 'evil.html')
      await writeFile(file, '<!doctype html><title>x</title>')
      await page.goto(`file://${file}`)
      return page
    }
    case 'a rebound name':
      // It was loaded before its name was made to point here.
      await page.route(`http://rebound.test:${studioPort}/before`, (route) =>
        route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><title>x</title>',
        }),
      )
      await page.goto(`http://rebound.test:${studioPort}/before`)
      return page
  }
}

/** What frames of a page come to show; a browser shows what it refuses as an error of its own. */
function shownIn(page: Page): readonly string[] {
  const shown: string[] = []
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame() && !/^(?:chrome-error:|about:blank$|$)/u.test(frame.url()))
      shown.push(`a frame shows ${frame.url()}`)
  })
  return shown
}

/** All that a page of this kind finds out, and what it has not tried. */
async function attackFrom(kind: Kind): Promise<readonly string[]> {
  const page = await foreignPage(kind)
  page.on('dialog', (dialog) => void dialog.dismiss())
  const shown = shownIn(page)
  /** What the page has asked for: address → each way. */
  const asked = new Map<string, string[]>()
  page.on('request', (request) => {
    const way = `${request.resourceType()} ${request.method()}`
    asked.set(request.url(), [...(asked.get(request.url()) ?? []), way])
  })
  const base = bed.url.replace('127.0.0.1', kinds[kind])
  const turn = Object.keys(kinds).indexOf(kind)
  const tries = routesOf(bed.studio.app).map((route, at) => {
    const { path, body = null } = sampleOf(route)
    const [framing, enctype] = [framings[(at + turn) % 3], enctypes[(at + turn) % 3]]
    return { route, framing, arguments: [base + path, methodOf(route), body, framing, enctype] }
  })
  // As many at once as a browser asks of one machine a few times over.
  const read = await page.evaluate<readonly string[]>(`(async (tries) => {
    const read = []
    const next = async () => {
      for (let one = tries.shift(); one !== undefined; one = tries.shift())
        for (const each of await (${attack})(...one.arguments)) read.push(one.route + ': ' + each)
    }
    await Promise.all(Array.from({ length: 12 }, next))
    return read
  })(${JSON.stringify(tries)})`)
  const untried = (): string[] =>
    // What becomes of this one Playwright does not tell.
    tries
      .filter(({ route }) => route !== 'GET /favicon.ico')
      .flatMap(({ route, framing }) => {
        const tried = asked.get(new URL(base + sampleOf(route).path).href) ?? []
        return Object.entries(waysOf(methodOf(route), framing))
          .filter(([way, times]) => tried.filter((each) => each === way).length < times)
          .map(([way]) => `${route} by ${way}`)
      })
  await expect.poll(untried, { timeout: 10_000 }).toEqual([])
  const streams = await page.evaluate<readonly string[]>(`Promise.all([
    new EventSource('${base}/api/events'), new WebSocket('${base.replace('http', 'ws')}/api/events'),
  ].map((source) => new Promise((resolve) => {
    source.onopen = () => resolve(source.url + ' opened')
    source.onerror = () => resolve('refused')
  })))`)
  // A window of ours that it opens is out of its reach.
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(`void (globalThis.other = open('${bed.url}/issue/${world.issue}/send'))`),
  ])
  await popup.locator('main h1').waitFor()
  const opened = await page.evaluate<string>(
    `(() => { try { return other.closed ? 'cut off' : String(other.document.title) } catch { return 'out of reach' } })()`,
  )
  const isCut = opened === 'cut off' || opened === 'out of reach'
  const opener = (await popup.evaluate('window.opener')) === null ? [] : ['the window has an opener']
  await page.context().close()
  return [
    ...read,
    ...shown,
    ...streams.filter((each) => each !== 'refused'),
    ...(isCut ? [] : [opened]),
    ...opener,
  ]
}

test('from another port, localhost, a file, no origin and a rebound name every route of the studio can be tried in every way: nothing changes, nothing is read', async () => {
  const before = stateOf(bed)
  const found = await Promise.all(
    Object.keys(kinds).map(async (kind) => [kind, await attackFrom(kind as Kind)] as const),
  )
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.keys(kinds).map((kind) => [kind, []])))
  expect(stateOf(bed)).toEqual(before)
}, 240_000)

test('the same requests, sent by our own page, change things: this test can fail', async () => {
  const before = stateOf(bed)
  const page = await browser.newPage()
  const shown = shownIn(page)
  await page.goto(bed.url)
  await page.locator('main h1').waitFor()
  const frame = '/frame/outbox/' + encodeURIComponent(mail)
  await page.evaluate(
    `document.body.append(Object.assign(document.createElement('iframe'), { src: '${frame}' }))`,
  )
  await expect.poll(() => shown).toEqual([`a frame shows ${bed.url}${frame}`])
  const answers: string[] = []
  for (const route of [
    'PUT /api/file',
    'POST /api/people',
    'POST /api/outbox/:name/delete',
    'POST /api/issues/:id/approval',
  ]) {
    const { path, body } = samples[route]?.(world) ?? { path: '/' }
    answers.push(
      await page.evaluate<string>(`fetch(${JSON.stringify(path)}, {
        method: '${route.split(' ')[0]}', body: ${JSON.stringify(JSON.stringify(body))},
        headers: { 'X-Onrecord-Token': document.querySelector('meta[name=onrecord-token]').content },
      }).then((answer) => '${route} ' + answer.status)`),
    )
  }
  expect(answers.every((each) => each.endsWith('200'))).toBe(true)
  const after = stateOf(bed)
  expect(
    Object.keys({ ...before, ...after }).filter((key) => before[key] !== after[key]).length,
  ).toBeGreaterThan(3)
  await page.close()
})
