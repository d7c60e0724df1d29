import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { tiers } from '../core/tier.ts'
import { listMessages, readMessage } from '../outbox/messages.ts'
import { assets } from './assets.ts'
import { createEvents } from './events.ts'
import { frameHtml, framePolicy } from './frame.ts'
import { onlyLocal, onlyReading, studioHeaders } from './guard.ts'
import { issuePage } from './issue-page.ts'
import { issuesPage } from './issues-page.ts'
import { layout } from './layout.ts'
import { createLibrary, type Library } from './library.ts'
import { mailboxPage, messagePage, messageParts, pageSize, type OutboxPublication } from './outbox-pages.ts'
import type { Builder } from './preview.ts'
import { startBuilder } from './thread.ts'
import { readView } from './view.ts'
import { watchPublication } from './watch.ts'

export interface StudioDeps {
  /** The publication's folder. */
  readonly root: string
  /** Where readers reach the site, without a trailing slash. */
  readonly baseUrl: string
  /** The mailbox that is shown. */
  readonly outboxDir: string
  /** Images of what was sent, named by their content. */
  readonly imagesDir: string
  /** The stored copies of sources; without them, links to passages are made of the quotations alone. */
  readonly snapshotsDir?: string
  /** Default: a thread that builds from the files under `root`. */
  readonly builder?: Builder
}

export interface Studio {
  readonly app: Hono
  /** Ends open pages' connections, the watching and the thread. */
  close(): Promise<void>
}

/** How often an open page asks whether mail has come. */
const OUTBOX_POLL_MS = 700

/**
 * The editors' preview as an app that does not listen: `/`, `/issue/<id>`, `/frame/<id>/<tier>/<part>`,
 * `/outbox`, `/images/<name>`, `/events`, `/assets/…`. It writes nothing, and answers this machine alone.
 */
export async function createStudio(deps: StudioDeps): Promise<Studio> {
  const { root, baseUrl, snapshotsDir = null } = deps
  const library = createLibrary(deps.builder ?? startBuilder({ root, baseUrl, snapshotsDir }))
  const events = createEvents()
  library.onChange((issue) => events.send(issue === null ? 'list' : `issue:${issue}`))
  const stopWatching = await watchPublication(deps.root, (issues) => library.changed(issues))
  const stopPolling = pollOutbox(deps.outboxDir, () => events.open > 0 && events.send('outbox'))

  const app = new Hono()
  app.use(studioHeaders, onlyLocal, onlyReading)
  addIssues(app, library, deps)
  addOutbox(app, library, deps)
  app.get('/images/:name', (c) => answerImage(c.req.param('name'), library, deps.imagesDir))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/events', (c) => events.answer(c))
  app.get('/assets/:name', async (c) => {
    const asset = await assets(c.req.param('name'))
    return asset === null
      ? c.notFound()
      : c.body(asset.text, 200, { 'Content-Type': asset.mediaType, 'Cache-Control': 'no-cache' })
  })
  app.notFound(async (c) => {
    const name = (await library.shelf()).publication?.name ?? 'Onrecord'
    const options = { title: 'Not found', publication: name, section: 'issues', follows: '' } as const
    const main = html`<div class="page">
      <h1>There is no such page</h1>
      <p><a href="/">All issues</a></p>
    </div>`
    return c.html(layout(options, main), 404)
  })
  app.onError((_error, c) => c.text('The studio met a fault of its own. Reload the page.\n', 500))

  return {
    app,
    async close() {
      events.close()
      stopPolling()
      await stopWatching()
      await library.close()
    },
  }
}

function addIssues(app: Hono, library: Library, deps: StudioDeps): void {
  app.get('/', async (c) => c.html(issuesPage(await library.shelf(), await library.issues())))
  app.get('/issue/:id', async (c) => {
    const issue = await library.issue(c.req.param('id'))
    if (issue === null) return c.notFound()
    return c.html(issuePage(await library.shelf(), issue, readView(c.req.query())))
  })
  app.get('/frame/:id/:tier/:part', async (c) => {
    const { id, part } = c.req.param()
    const tier = tiers.find((each) => each === c.req.param('tier'))
    const edition = tier === undefined ? null : (await library.issue(id))?.shown?.editions?.[tier]
    if (!edition || (part !== 'mail' && part !== 'web')) return c.notFound()
    const content = part === 'mail' ? edition.html : edition.web
    return frame(content, c.req.query('scheme'), deps.baseUrl)
  })
}

function addOutbox(app: Hono, library: Library, deps: StudioDeps): void {
  const publication = async (): Promise<OutboxPublication> =>
    (await library.shelf()).publication ?? { name: 'Onrecord', timeZone: 'UTC' }
  app.get('/outbox', async (c) => {
    const page = Math.max(1, Math.trunc(Number(c.req.query('page') ?? '1')) || 1)
    const mailbox = await listMessages(deps.outboxDir, { offset: (page - 1) * pageSize, limit: pageSize })
    return c.html(mailboxPage(await publication(), mailbox, page))
  })
  app.get('/outbox/:name', async (c) => {
    const message = await readMessage(deps.outboxDir, c.req.param('name'))
    if (message === null) return c.notFound()
    const { width, scheme } = readView(c.req.query())
    const part = messageParts.find((each) => each === c.req.query('part')) ?? 'html'
    return c.html(messagePage(await publication(), message, { part, width, scheme }))
  })
  app.get('/outbox/:name/frame', async (c) => {
    const message = await readMessage(deps.outboxDir, c.req.param('name'))
    if (message?.html === undefined || message.html === null) return c.notFound()
    return frame(message.html, c.req.query('scheme'), null)
  })
}

function frame(content: string, scheme: string | undefined, baseUrl: string | null): Response {
  const shown = scheme === 'dark' || scheme === 'light' ? scheme : 'auto'
  return new Response(frameHtml(content, { scheme: shown, baseUrl }), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': framePolicy,
      'X-Frame-Options': 'SAMEORIGIN',
    },
  })
}

/** A draft's image from the newest builds, or one that was frozen; its name is a hash of its bytes. */
async function answerImage(name: string, library: Library, dir: string): Promise<Response> {
  const type = { jpg: 'image/jpeg', png: 'image/png', gif: 'image/gif' } as const
  const ending = /^[0-9a-f]{32}\.(jpg|png|gif)$/.exec(name)?.[1]
  if (ending !== 'jpg' && ending !== 'png' && ending !== 'gif') return new Response(null, { status: 404 })
  const bytes = library.image(name)?.bytes ?? (await readFile(join(dir, name)).catch(() => null))
  if (bytes === null) return new Response(null, { status: 404 })
  return new Response(new Uint8Array(bytes), {
    headers: { 'Content-Type': type[ending], 'Cache-Control': 'public, max-age=31536000, immutable' },
  })
}

/** A folder of a hundred thousand files is not watched: its own time of change says enough. */
function pollOutbox(dir: string, onMail: () => void): () => void {
  let last: number | null = null
  const look = async (): Promise<void> => {
    const now = await stat(dir).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (last !== null && now !== last) onMail()
    last = now
  }
  const timer = setInterval(() => void look(), OUTBOX_POLL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
