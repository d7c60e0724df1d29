import { sizeBudget } from '../../email/size.ts'
import { plainReadingOrder } from '../../email/compat/reading-order.ts'
import { decoded } from '../../outbox/envelope.ts'
import { explainHeader } from '../../outbox/explain-header.ts'
import type { IssuePreview, Personas, PreviewMime, PreviewSource, PreviewText } from '../contract/preview.ts'
import type { Surface } from '../deps.ts'
import { inboxRows } from '../inbox-row.ts'
import { mimeParts } from '../mime-parts.ts'
import { openReaders } from '../personas.ts'
import type { PreviewEdition } from '../preview.ts'
import { listLooks, viewReader, type ReaderView } from '../reader-view.ts'
import { GMAIL_CLIPS_AT, measureMail } from '../sections.ts'

/** So much of a message is shown as it is sent; the rest is in the file. */
const MOST_SOURCE = 512 * 1024

/** What readers get of an issue: its numbers and words here, its pictures at /frame/. */
export const preview: Surface = (app, bench) => {
  const { library, deps } = bench
  const readers = openReaders(deps.root, deps.stores)
  const view = (id: string, query: Record<string, string>): Promise<ReaderView> =>
    viewReader(bench, readers, id, query)
  /** The message as it would be sent; of the public tier, whom no mail goes to, as a sample would get it. */
  const messageOf = ({ issue, tier, recipient, look, ownLook }: ReaderView) =>
    library.message(issue.id, tier, recipient, look === ownLook ? undefined : look)

  app.get('/api/personas', async (c) => {
    const { q = '', issue } = c.req.query()
    const about = issue === undefined ? null : await library.issue(issue)
    return c.json<Personas>(await readers.list(q, about?.shown?.meta?.newsletter ?? null))
  })
  app.get('/api/issues/:id/preview', async (c) => {
    const id = c.req.param('id')
    const seen = await view(id, c.req.query())
    const { issue, tier, persona, look, ownLook, edition, html, marked } = seen
    const files = issue.shown?.files ?? []
    const { sections, clip } = measureMail(marked, files)
    const { subject, preheader, from, lang } = edition
    const frame = `/frame/${encodeURIComponent(id)}/${tier}`
    return c.json<IssuePreview>({
      version: look === ownLook ? issue.pictures[tier] : issue.version,
      build: issue.version,
      partial: issue.partial,
      stale: issue.fault !== null || issue.shown !== issue.latest,
      ...{ tier, persona, look, ownLook, looks: [...new Set([ownLook, ...(await listLooks(deps.root))])] },
      ...{ lang, subject },
      bytes: Buffer.byteLength(html),
      limits: { ...sizeBudget, clip: GMAIL_CLIPS_AT },
      ...{ sections, clip },
      inbox: inboxRows({ sender: from, subject, preheader }),
      sources: sourcesOf(edition),
      files,
      frames: { mail: `${frame}/mail`, web: `${frame}/web` },
    })
  })
  app.get('/api/issues/:id/preview/text', async (c) => {
    const seen = await view(c.req.param('id'), c.req.query())
    const message = await messageOf(seen)
    return c.json<PreviewText>({
      text: message?.text ?? seen.edition.text,
      readingOrder: plainReadingOrder(seen.marked).map(({ place, ...line }) => ({
        ...line,
        mark: place.mark,
      })),
    })
  })
  app.get('/api/issues/:id/preview/source', async (c) => {
    const seen = await view(c.req.param('id'), c.req.query())
    const message = await messageOf(seen)
    const { source, headers } = message ?? { source: '', headers: seen.edition.headers }
    return c.json<PreviewMime>({
      source: source === '' ? null : source.slice(0, MOST_SOURCE),
      cut: source.length > MOST_SOURCE,
      bytes: Buffer.byteLength(source),
      headers: headers.map((field) => {
        const shown = decoded(field.value)
        return { ...field, shown: shown === field.value ? null : shown, explanation: explainHeader(field) }
      }),
      structure: source === '' ? null : mimeParts(source),
    })
  })
  app.get('/api/issues/:id/preview/message.eml', async (c) => {
    const id = c.req.param('id')
    const source = (await messageOf(await view(id, c.req.query())))?.source ?? ''
    if (source === '') return c.notFound()
    return c.body(source, 200, {
      'Content-Type': 'message/rfc822',
      'Content-Disposition': `attachment; filename="${id.replace(/[^a-zA-Z0-9._-]/g, '_')}.eml"`,
    })
  })
}

function sourcesOf({ sources }: PreviewEdition): readonly PreviewSource[] {
  return sources.sources.flatMap((source) => {
    const { number, id, title, publisher, published, capturedAt, url, passageUrl, quotes, locked } = source
    if (number === null) return []
    const why = {
      tier: 'The link is for subscribers.',
      section: 'Cited only in what members read.',
    }
    return {
      ...{ number, id, title, publisher, published, capturedAt, quotes },
      url: passageUrl ?? url,
      locked: locked === null ? null : why[locked],
    }
  })
}
