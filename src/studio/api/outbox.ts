import { OnrecordError } from '../../core/errors.ts'
import { listMessages } from '../../outbox/messages.ts'
import { viewMessage } from '../../outbox/view.ts'
import { answerFrame, schemeOf } from '../answer-frame.ts'
import type { OutboxMessage, OutboxPage } from '../contract/outbox.ts'
import type { Surface } from '../deps.ts'

const MOST = 200

/** The built-in mailbox. */
export const outbox: Surface = (app, { deps }) => {
  app.get('/api/outbox', async (c) => {
    const offset = numberOf(c.req.query('offset'), 0)
    const limit = Math.min(MOST, numberOf(c.req.query('limit'), 50))
    const { total, repeated, messages } = await listMessages(deps.outboxDir, { offset, limit })
    return c.json<OutboxPage>({ total, repeated, messages })
  })
  app.get('/api/outbox/:name', async (c) => {
    const name = c.req.param('name')
    const message = await viewMessage(deps.outboxDir, name)
    if (message === null) throw new OnrecordError('not-found', 'There is no such message in the outbox.')
    const { html, ...rest } = message
    return c.json<OutboxMessage>({
      ...rest,
      frame: html === null ? null : `/frame/outbox/${encodeURIComponent(name)}`,
    })
  })
  app.get('/frame/outbox/:name', async (c) => {
    const message = await viewMessage(deps.outboxDir, c.req.param('name'))
    if (message === null || message.html === null) return c.notFound()
    return answerFrame(message.html, { scheme: schemeOf(c.req.query('scheme')), baseUrl: null })
  })
}

function numberOf(text: string | undefined, otherwise: number): number {
  const number = Math.trunc(Number(text ?? otherwise))
  return Number.isSafeInteger(number) && number >= 0 ? number : otherwise
}
