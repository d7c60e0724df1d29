import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { tiers } from '../../core/tier.ts'
import type {
  IssueSending,
  IssueSendingPlan,
  IssueSendingResult,
  Resolved,
  SendingTime,
  TestResult,
} from '../contract/sending.ts'
import type { Surface, Workbench } from '../deps.ts'
import { domainsCsv } from '../domains-csv.ts'
import type { Sending } from '../sending.ts'
import { createLiveSending } from '../live-sending.ts'
import { bodyOf, download } from './answer.ts'

const testRequest = z.strictObject({ to: z.string().max(400), tier: z.enum(tiers) })

const sendRequest = z.strictObject({
  typed: z.int().nonnegative(),
  to: z.enum(['everybody', 'subscriber', 'member']),
  through: z.enum(['outbox', 'smtp']),
  at: z.string().max(100).nullable(),
})

const steerRequest = z.strictObject({ action: z.enum(['pause', 'resume', 'cancel']) })

const resolveRequest = z.strictObject({ how: z.enum(['hold', 'resend']) })

/** Sends: planned, tested, started, watched and steered. */
export const sending: Surface = (app, bench) => {
  const live = createLiveSending(bench.events)

  const standing = async (sends: Sending, id: string): Promise<IssueSending> => {
    const [status, rounds] = await Promise.all([sends.status(id), sends.rounds(id)])
    return { status, rounds, ...sends.setting }
  }

  app.get('/api/issues/:id/sending', async (c) => {
    const sends = await sendingOf(bench)
    const id = c.req.param('id')
    // Whoever asks is told how it goes on.
    live.watch(sends, id)
    return c.json<IssueSending>(await standing(sends, id))
  })

  app.get('/api/issues/:id/sending/plan', async (c) => {
    const sends = await sendingOf(bench)
    return c.json<IssueSendingPlan>(await sends.plan(c.req.param('id')))
  })

  app.get('/api/issues/:id/sending/result', async (c) => {
    const id = c.req.param('id')
    const result = await (await sendingOf(bench)).result(id)
    return c.json<IssueSendingResult>(result ?? nothingSent(id))
  })

  app.get('/api/issues/:id/sending/domains.csv', async (c) => {
    const id = c.req.param('id')
    const sends = await sendingOf(bench)
    if ((await sends.rounds(id)).length === 0) nothingSent(id)
    return download(domainsCsv(await sends.domains(id)), `${id}-domains.csv`, 'text/csv; charset=utf-8')
  })

  app.get('/api/sending/time', async (c) => {
    const sends = await sendingOf(bench)
    return c.json<SendingTime>(await sends.readTime((c.req.query('at') ?? '').slice(0, 100)))
  })

  app.post('/api/issues/:id/test', async (c) => {
    const { to, tier } = await bodyOf(c, testRequest)
    const sends = await sendingOf(bench)
    return c.json<TestResult>(await sends.test(c.req.param('id'), to, tier))
  })

  app.post('/api/issues/:id/send', async (c) => {
    const request = await bodyOf(c, sendRequest)
    const sends = await sendingOf(bench)
    const id = c.req.param('id')
    await sends.start(id, request)
    bench.events.send({ what: 'sending', id })
    return c.json<IssueSending>(await standing(sends, id))
  })

  app.post('/api/issues/:id/sending', async (c) => {
    const { action } = await bodyOf(c, steerRequest)
    const sends = await sendingOf(bench)
    const id = c.req.param('id')
    await sends[action](id)
    bench.events.send({ what: 'sending', id })
    return c.json<IssueSending>(await standing(sends, id))
  })

  app.post('/api/issues/:id/sending/unknown', async (c) => {
    const { how } = await bodyOf(c, resolveRequest)
    const sends = await sendingOf(bench)
    const id = c.req.param('id')
    const resolved = await sends.resolve(id, how)
    bench.events.send({ what: 'sending', id })
    return c.json<Resolved>(resolved)
  })
}

async function sendingOf({ deps }: Workbench): Promise<Sending> {
  const { sending } = await deps.stores()
  if (sending === null)
    throw new OnrecordError('refused', 'This studio cannot send.', { hint: 'use: onrecord send' })
  return sending
}

/** @throws OnrecordError `not-found` */
function nothingSent(id: string): never {
  throw new OnrecordError('not-found', `Nothing of ${id} has been sent.`)
}
