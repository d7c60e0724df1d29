import { OnrecordError } from '../../core/errors.ts'
import type { IssueSending } from '../contract/sending.ts'
import type { Surface, Workbench } from '../deps.ts'
import type { Sending } from '../sending.ts'
import { unfinished } from './unfinished.ts'

/** Sends, watched and steered. */
export const sending: Surface = (app, bench) => {
  app.get('/api/issues/:id/sending', async (c) => {
    const sends = await sendingOf(bench)
    const id = c.req.param('id')
    const [plan, status] = await Promise.all([sends.plan(id), sends.status(id)])
    return c.json<IssueSending>({ plan, status })
  })
  app.get('/api/issues/:id/sending/result', unfinished)
  app.post('/api/issues/:id/sending', unfinished)
  app.post('/api/issues/:id/test', unfinished)
  app.post('/api/issues/:id/send', unfinished)
}

async function sendingOf({ deps }: Workbench): Promise<Sending> {
  const { sending } = await deps.stores()
  if (sending === null)
    throw new OnrecordError('refused', 'This studio cannot send.', { hint: 'use: onrecord send' })
  return sending
}
