import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { Hono } from 'hono'
import { answerError, refuse } from './api/answer.ts'
import { approval } from './api/approval.ts'
import { check } from './api/check.ts'
import { compare } from './api/compare.ts'
import { compat } from './api/compat.ts'
import { draft } from './api/draft.ts'
import { frames } from './api/frames.ts'
import { frontmatter } from './api/frontmatter.ts'
import { images } from './api/images.ts'
import { imports } from './api/import.ts'
import { issues } from './api/issues.ts'
import { keepImage } from './api/keep-image.ts'
import { outbox } from './api/outbox.ts'
import { people } from './api/people.ts'
import { preview } from './api/preview.ts'
import { sending } from './api/sending.ts'
import { sources } from './api/sources.ts'
import { createAssets } from './assets.ts'
import type { StudioDeps, Surface, Workbench } from './deps.ts'
import { openDraftFiles } from './draft-files.ts'
import { createEvents } from './events.ts'
import { onlyLocal, onlyOurPage, studioHeaders } from './guard.ts'
import { createLibrary } from './library.ts'
import { answerPage } from './page.ts'
import { startBuilder } from './thread.ts'
import { whatFailed } from './what-failed.ts'
import { watchPublication } from './watch.ts'

export interface Studio {
  readonly app: Hono
  /** Ends open pages' connections, the watching and the thread. */
  close(): Promise<void>
}

/** How often an open page asks whether mail has come. */
const OUTBOX_POLL_MS = 700

/** docs/studio.md lists their routes. */
const surfaces: readonly Surface[] = [
  ...[issues, draft, frontmatter, keepImage, sources, check, compat, preview, compare, approval, sending],
  ...[outbox, imports, people, frames, images],
]

/** The editors' app, which does not listen and answers this machine alone. */
export async function createStudio(deps: StudioDeps): Promise<Studio> {
  const { root, baseUrl, snapshotsDir = null } = deps
  const library = createLibrary(deps.builder ?? startBuilder({ root, baseUrl, snapshotsDir }))
  const events = createEvents()
  library.onChange((id, known) =>
    events.send(id === null ? { what: 'shelf' } : { what: 'issue', id, pictures: known?.pictures }),
  )
  const files = openDraftFiles({
    root,
    tell: (change) => events.send(change),
    onSave: (issue) => library.changed([issue]),
  })
  const stopWatching = await watchPublication(root, (issues, paths) => {
    if (!files.changed(paths)) library.changed(issues)
  })
  const stopPolling = pollOutbox(deps.outboxDir, () => events.open > 0 && events.send({ what: 'outbox' }))
  const assets = createAssets()
  const token = randomBytes(32).toString('base64url')
  const closing = new AbortController()
  const bench: Workbench = { deps, library, events, files, closing: closing.signal }

  const app = new Hono()
  app.use(studioHeaders, onlyLocal, onlyOurPage(token))
  for (const add of surfaces) add(app, bench)
  app.get('/api/events', (c) => events.answer(c))
  app.all('/api/*', (c) => refuse(c, 'not-found', 'The studio has no such route.'))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/assets/:name', async (c) => {
    const asset = await assets.read(c.req.param('name'))
    if (asset === null) return c.notFound()
    const headers = {
      'Content-Type': asset.mediaType,
      'Cache-Control': 'public, max-age=31536000, immutable',
    }
    return c.body(asset.bytes, 200, headers)
  })
  app.get('/assets/*', (c) => c.notFound())
  app.get('/frame/*', (c) => c.notFound())
  app.get('/images/*', (c) => c.notFound())
  app.get('*', (c) => answerPage(c, assets, token, events.count))
  app.notFound((c) => c.text('There is no such page.\n', 404))
  app.onError((error, c) => {
    const answer = c.req.path.startsWith('/api/')
      ? answerError(c, error)
      : c.text('The studio met a fault of its own. Load the page again.\n', 500)
    if (answer.status === 500) deps.log?.('error', 'fault', whatFailed(c, error))
    return answer
  })

  return {
    app,
    async close() {
      closing.abort()
      events.close()
      stopPolling()
      await stopWatching()
      await library.close()
    },
  }
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
