import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createEvents } from '../../src/studio/events.ts'

test('what changed between a page and its stream is told first, then what changes', async () => {
  const events = createEvents()
  const app = new Hono().get('/', (c) => events.answer(c))
  const loadedAt = events.count
  events.send({ what: 'shelf' })
  const answer = await app.request(`/?since=${loadedAt}`)
  events.send({ what: 'outbox' })
  const late = await app.request(`/?since=${events.count}`)
  events.close()
  const told = async (response: Response) =>
    [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data)
  expect(await told(answer)).toEqual(['{"what":"shelf"}', '{"what":"outbox"}'])
  expect(await told(late)).toEqual([])
})

test('a connection that was lost goes on after the last change that it heard of', async () => {
  const events = createEvents()
  const app = new Hono().get('/', (c) => events.answer(c))
  const made = events.count
  for (const what of ['shelf', 'outbox', 'people'] as const) events.send({ what })
  const again = await app.request(`/?since=${made}`, { headers: { 'last-event-id': '2' } })
  events.close()
  const text = await again.text()
  expect([...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => data)).toEqual(['{"what":"people"}'])
  expect([...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id)).toEqual(['3', '3'])
})
