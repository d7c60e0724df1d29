import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextLinkState, type LinkLook, type LinkState } from '../../src/sources/link-states.ts'

const hour = 3600 * 1000
const day = 24 * hour
const page: LinkLook = { kind: 'page', gone: null }
const missing: LinkLook = { kind: 'failure', reason: 'dead', message: 'The page is gone (404).' }
const down: LinkLook = { kind: 'failure', reason: 'timeout', message: 'The server took too long to answer.' }
const refused: LinkLook = { kind: 'failure', reason: 'unverifiable', message: 'Not for us (403).' }

function states(looks: readonly (readonly [number, LinkLook])[]): LinkState['state'][] {
  let state: LinkState | null = null
  return looks.map(([at, look]) => (state = nextLinkState('https://a.test/', state, look, at)).state)
}

test.each<[string, (readonly [number, LinkLook])[], LinkState['state'][]]>([
  [
    'three failures in six days are a dead link',
    [
      [0, missing],
      [3 * day, missing],
      [6 * day, missing],
    ],
    ['failing', 'failing', 'dead'],
  ],
  [
    'a day short of six is not',
    [
      [0, missing],
      [2 * day, missing],
      [5 * day, missing],
    ],
    ['failing', 'failing', 'failing'],
  ],
  [
    'two failures are not, however far apart',
    [
      [0, missing],
      [60 * day, missing],
    ],
    ['failing', 'failing'],
  ],
  [
    'failures of one hour are one',
    [
      [0, down],
      [hour, down],
      [2 * hour, down],
      [6 * day, down],
      [6 * day + hour, down],
    ],
    ['failing', 'failing', 'failing', 'failing', 'failing'],
  ],
  [
    'a page in between starts anew',
    [
      [0, missing],
      [3 * day, page],
      [6 * day, missing],
      [9 * day, missing],
    ],
    ['failing', 'alive', 'failing', 'failing'],
  ],
  [
    'a refusal is no failure',
    [
      [0, refused],
      [3 * day, refused],
      [9 * day, refused],
      [30 * day, refused],
    ],
    ['unverified', 'unverified', 'unverified', 'unverified'],
  ],
  [
    'a refusal in between forgets none',
    [
      [0, missing],
      [3 * day, refused],
      [4 * day, missing],
      [7 * day, missing],
    ],
    ['failing', 'unverified', 'failing', 'dead'],
  ],
  [
    'a dead link that comes back is alive',
    [
      [0, missing],
      [3 * day, missing],
      [6 * day, missing],
      [7 * day, page],
    ],
    ['failing', 'failing', 'dead', 'alive'],
  ],
  [
    'daily looks find it dead on the seventh day',
    [0, 1, 2, 3, 4, 5, 6].map((at) => [at * day, missing] as const),
    ['failing', 'failing', 'failing', 'failing', 'failing', 'failing', 'dead'],
  ],
])('%s', (_, looks, expected) => {
  expect(states(looks)).toEqual(expected)
})

test('no link is dead without three failures over six days since its last page, whatever happens', () => {
  const look = fc.constantFrom(page, missing, down, refused)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4 * day }), look), { maxLength: 30 }),
      (steps) => {
        let now = 0
        let state: LinkState | null = null
        let since: number[] = []
        for (const [wait, seen] of steps) {
          now += wait
          state = nextLinkState('https://a.test/', state, seen, now)
          if (seen.kind === 'page') since = []
          else if (seen !== refused) since.push(now)
          if (state.state !== 'dead') continue
          expect(since.length).toBeGreaterThanOrEqual(3)
          expect(now - (since[0] ?? now)).toBeGreaterThanOrEqual(6 * day)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('passages that were gone stay gone until the page is read again', () => {
  const gone = nextLinkState('u', null, { kind: 'page', gone: ['a'] }, 0)
  expect(nextLinkState('u', gone, missing, day).gone).toEqual(['a'])
  expect(nextLinkState('u', gone, page, day).gone).toEqual(['a'])
  expect(nextLinkState('u', gone, { kind: 'page', gone: [] }, day).gone).toEqual([])
})
