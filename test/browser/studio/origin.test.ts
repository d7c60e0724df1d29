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

/** What a page can try with one address; what it could read comes back. */
const attack = `async (url, method, body) => {
  const read = []
  const within = (promise, ms = 2_000) => Promise.race([promise, new Promise((done) => setTimeout(done, ms))])
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
  await Promise.all([
    asked('cors', { method, ...(method === 'GET' ? {} : { body: text, headers: json }) }),
    asked('with a token', { method, headers: { ...json, 'X-Onrecord-Token': 'x' }, ...(method === 'GET' ? {} : { body: text }) }),
    asked('plain', { method: method === 'GET' ? 'GET' : 'POST', mode: 'no-cors', ...(method === 'GET' ? {} : { body: text, headers: { 'Content-Type': 'text/plain' } }) }),
  ])
  const element = (tag, attributes) => {
    const one = document.createElement(tag)
    const done = new Promise((resolve) => {
      one.onload = () => { if (tag !== 'iframe' && tag !== 'object' && tag !== 'embed') read.push(tag + ' loaded'); resolve() }
      one.onerror = resolve
    })
    Object.assign(one, attributes)
    document.body.append(one)
    return within(done).then(() => {
      try { if (one.contentDocument?.body?.textContent) read.push(tag + ' read') } catch {}
      if (tag !== 'iframe') one.remove()
    })
  }
  if (method === 'GET') {
    await Promise.all([
      element('img', { src: url }), element('script', { src: url }), element('link', { rel: 'stylesheet', href: url }),
      element('iframe', { src: url }), element('object', { data: url }), element('embed', { src: url }), element('video', { src: url }),
    ])
  } else {
    navigator.sendBeacon(url, text)
    await Promise.all(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].map((enctype) => {
      // Each into a frame of its own: two that lead one frame away are one.
      const sink = document.createElement('iframe')
      sink.name = 'sink ' + url + method + enctype
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
      return within(done).then(() => form.remove())
    }))
  }
  return read
}`

/** How often a route is tried in each way at least, by what the browser calls it. */
function waysOf(method: string): Readonly<Record<string, number>> {
  return method === 'GET'
    ? {
        ...{ 'fetch GET': 3, 'image GET': 1, 'script GET': 1, 'stylesheet GET': 1, 'media GET': 1 },
        'document GET': 1,
      }
    : { 'fetch POST': 1, [`fetch ${method}`]: method === 'POST' ? 3 : 2, 'ping POST': 1, 'document POST': 3 }
}

async function foreignPage(kind: string): Promise<Page> {
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
    default:
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

test.each(['another port', 'localhost', 'a page without an origin', 'a file', 'a rebound name'])(
  'from %s every route of the studio can be tried in every way: nothing changes, nothing is read',
  async (kind) => {
    const before = stateOf(bed)
    const page = await foreignPage(kind)
    page.on('dialog', (dialog) => void dialog.dismiss())
    /** What the page has asked for: address → each way. */
    const asked = new Map<string, string[]>()
    page.on('request', (request) => {
      const way = `${request.resourceType()} ${request.method()}`
      asked.set(request.url(), [...(asked.get(request.url()) ?? []), way])
    })
    // By the name under which its requests are nearest to being ours.
    const name = { 'a rebound name': 'rebound.test', localhost: 'localhost' }[kind] ?? '127.0.0.1'
    const base = bed.url.replace('127.0.0.1', name)
    const read: string[] = []
    const routes = routesOf(bed.studio.app)
    for (let at = 0; at < routes.length; at += 24) {
      const results = await Promise.all(
        routes.slice(at, at + 24).map(async (route) => {
          const sample = sampleOf(route)
          const method = methodOf(route)
          const [url, body] = [JSON.stringify(base + sample.path), JSON.stringify(sample.body ?? null)]
          const got = await page.evaluate<readonly string[]>(`(${attack})(${url}, '${method}', ${body})`)
          return got.map((each) => `${route}: ${each}`)
        }),
      )
      read.push(...results.flat())
    }
    const untried = (): string[] =>
      // What becomes of this one Playwright does not tell.
      routes
        .filter((route) => route !== 'GET /favicon.ico')
        .flatMap((route) => {
          const tried = asked.get(new URL(base + sampleOf(route).path).href) ?? []
          return Object.entries(waysOf(methodOf(route)))
            .filter(([way, times]) => tried.filter((each) => each === way).length < times)
            .map(([way]) => `${route} by ${way}`)
        })
    await expect.poll(untried, { timeout: 10_000 }).toEqual([])
    const events = await page.evaluate<string>(`new Promise((resolve) => {
      const source = new EventSource('${base}/api/events')
      source.onopen = () => resolve('opened')
      source.onerror = () => resolve('refused')
      setTimeout(() => resolve('silent'), 2000)
    })`)
    expect(events).toBe('refused')
    const socket = await page.evaluate<string>(`new Promise((resolve) => {
      const socket = new WebSocket('${base.replace('http', 'ws')}/api/events')
      socket.onopen = () => resolve('opened')
      socket.onerror = () => resolve('refused')
      setTimeout(() => resolve('silent'), 2000)
    })`)
    expect(socket).toBe('refused')
    // No frame of it shows a page of ours.
    for (const frame of page.frames().slice(1)) {
      const text = await frame.evaluate<string>('document.body?.innerText ?? ""').catch(() => '')
      if (/onrecord|harbour|Istanbul/iu.test(text)) read.push(`a frame shows ${frame.url()}`)
    }
    expect(read).toEqual([])
    expect(stateOf(bed)).toEqual(before)
    // A window of ours that it opens is out of its reach.
    const [popup, opened] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate<string>(`(async () => {
        const other = open('${bed.url}/issue/${world.issue}/send')
        await new Promise((done) => setTimeout(done, 1500))
        try { return other.closed ? 'cut off' : String(other.document.title) } catch { return 'out of reach' }
      })()`),
    ])
    expect(['cut off', 'out of reach']).toContain(opened)
    expect(await popup.evaluate('window.opener')).toBe(null)
    await page.context().close()
  },
  120_000,
)

test('the same requests, sent by our own page, change things: this test can fail', async () => {
  const before = stateOf(bed)
  const page = await browser.newPage()
  await page.goto(bed.url)
  await page.locator('main h1').waitFor()
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
