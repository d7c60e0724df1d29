import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { deleteMessage, emptyOutbox } from '../../outbox/delete.ts'
import { listMessages } from '../../outbox/messages.ts'
import { openPreheaders } from '../../outbox/preheader.ts'
import { openOutboxSearch } from '../../outbox/search.ts'
import { attachmentOf, sourceOf, viewMessage, type MessageView } from '../../outbox/view.ts'
import { answerFrame, schemeOf } from '../answer-frame.ts'
import type { Emptied, EmptyRequest, OutboxChecks, OutboxPage, OutboxRequest } from '../contract/outbox.ts'
import type { Surface } from '../deps.ts'
import { answerChecks, answerMessage, withSiteHere } from '../shown-message.ts'
import { bodyOf, download } from './answer.ts'

const PAGE = 50

const request = z.object({
  text: z.string().max(1_000),
  inText: z.boolean(),
  after: z.string().max(300).nullable(),
}) satisfies z.ZodType<OutboxRequest>

const emptying = z.object({ until: z.string().max(300) }) satisfies z.ZodType<EmptyRequest>

/** The built-in mailbox. */
export const outbox: Surface = (app, { deps, events }) => {
  const { outboxDir } = deps
  const search = openOutboxSearch(outboxDir)
  const preheaders = openPreheaders(outboxDir)
  const view = async (name: string): Promise<MessageView> =>
    (await viewMessage(outboxDir, name)) ?? noMessage()

  app.post('/api/outbox/search', async (c) => {
    const { text, inText, after } = await bodyOf(c, request)
    const { total, repeated } = await listMessages(outboxDir, { offset: 0, limit: 0 })
    const page = { after, limit: PAGE, signal: c.req.raw.signal }
    const { messages, ...found } = await search.find({ text, inText }, page)
    const lines = messages.map(async (each) => ({ ...each, preheader: await preheaders.of(each.name) }))
    return c.json<OutboxPage>({ ...found, total, repeated, messages: await Promise.all(lines) })
  })

  app.post('/api/outbox/empty', async (c) => {
    const { until } = await bodyOf(c, emptying)
    const deleted = await emptyOutbox(outboxDir, until)
    events.send({ what: 'outbox' })
    return c.json<Emptied>({ deleted })
  })

  app.get('/api/outbox/:name', async (c) => {
    const name = c.req.param('name')
    return c.json(answerMessage(await view(name), `/frame/outbox/${encodeURIComponent(name)}`))
  })

  app.get('/api/outbox/:name/checks', async (c) =>
    c.json<OutboxChecks>(answerChecks(await view(c.req.param('name')))),
  )

  app.get('/api/outbox/:name/source', async (c) => {
    const name = c.req.param('name')
    const bytes = (await sourceOf(outboxDir, name)) ?? noMessage()
    return download(bytes, name, 'message/rfc822')
  })

  app.get('/api/outbox/:name/attachments/:index', async (c) => {
    const { name, index } = c.req.param()
    const attachment = (await attachmentOf(outboxDir, name, Number(index))) ?? noMessage()
    // Never by the sender's own type: it is kept, not shown.
    return download(attachment.content, attachment.name || `attachment-${Number(index) + 1}`)
  })

  app.post('/api/outbox/:name/delete', async (c) => {
    if (!(await deleteMessage(outboxDir, c.req.param('name')))) noMessage()
    events.send({ what: 'outbox' })
    return c.json<Emptied>({ deleted: 1 })
  })

  app.get('/frame/outbox/:name', async (c) => {
    const message = await viewMessage(outboxDir, c.req.param('name'))
    if (message === null || message.html === null) return c.notFound()
    return answerFrame(withSiteHere(deps, message.html), {
      scheme: schemeOf(c.req.query('scheme')),
      baseUrl: null,
    })
  })
}

function noMessage(): never {
  throw new OnrecordError('not-found', 'There is no such message in the outbox.', {
    hint: 'It may have been deleted.',
  })
}
