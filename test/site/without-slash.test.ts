import { beforeAll, expect, test } from 'vitest'
import { openBed, type SiteBed } from './bed.ts'

let bed: SiteBed
beforeAll(async () => {
  bed = await openBed()
  await bed.publish('2025-w46')
})

const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await bed.site.request(`https://brief.example.org${path}`, init)
  return [answer.status, answer.headers.get('Location')]
}

test.each([
  ['/issues/2025-w46/', '/issues/2025-w46'],
  ['/issues/2025-w46/istanbul-talks///', '/issues/2025-w46/istanbul-talks'],
  ['/search/?q=a%2Fb&page=2', '/search?q=a%2Fb&page=2'],
  ['/corrections/', '/corrections'],
])('a page asked for as %s is at %s', async (path, bare) => {
  for (const method of ['GET', 'HEAD']) expect(await ask(path, { method })).toEqual([308, bare])
  expect((await ask(bare))[0]).toBe(200)
})

test.each(['//evil.test/', '///evil.test//', '/\\evil.test/', '//evil.test/%2e%2e/', '//'])(
  'no other host is gone to by %s',
  async (path) => {
    expect(await ask(path)).toEqual([404, null])
  },
)

test('what is encoded stays encoded, so that no address turns into a header or a host', async () => {
  expect(await ask('/%5Cevil.test/')).toEqual([308, '/%5Cevil.test'])
  expect(await ask('/%2Fevil.test/')).toEqual([308, '/%2Fevil.test'])
  expect(await ask('/x%0d%0aSet-Cookie:a=b/')).toEqual([308, '/x%0d%0aSet-Cookie:a=b'])
})

test('the front page is where it is, and a form is sent nowhere else', async () => {
  expect(await ask('/')).toEqual([200, null])
  for (const method of ['POST', 'PUT', 'DELETE'])
    expect(await ask('/subscribe/', { method, headers: { 'Sec-Fetch-Site': 'same-origin' } })).toEqual([
      404,
      null,
    ])
})
