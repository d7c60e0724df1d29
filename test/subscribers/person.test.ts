import { expect, onTestFinished, test } from 'vitest'
import { isAddressOf, personDetails, personState } from '../../src/subscribers/person.ts'
import type { Subscriber, SubscriptionState } from '../../src/subscribers/subscriber.ts'
import { wholeLife } from '../store/whole-life.ts'

test('a page about a person has all that a whole life leaves behind', async () => {
  const { subscribers, readers, publicId, clock, close } = await wholeLife()
  onTestFinished(close)
  const details = await personDetails(subscribers, readers, publicId)
  expect(details).toMatchObject({
    subscriber: {
      address: 'Quetzal@example.org',
      name: 'Citlali',
      suppression: { note: 'Citlali rang us up' },
    },
    state: 'suppressed',
    format: 'text',
    consents: [
      { newsletter: 'weekly', kind: 'given', form: 'sign-up', words: 'I want it.' },
      { newsletter: 'daily', kind: 'given', form: 'preferences' },
      { newsletter: 'daily', kind: 'withdrawn', form: 'leave' },
    ],
    change: { to: 'Tlaloc@example.org', waitsFor: ['from', 'to'] },
    sessions: 1,
    linksRevokedAt: clock.time,
    movedAt: [clock.time - 3_600_000],
    kept: { version: 1 },
  })
  expect(details?.letters.map(({ kind }) => kind).sort()).toEqual(['change-from', 'change-to', 'log-in'])
  for (const letter of details?.letters ?? []) expect(letter.askedAt).toBe(clock.time)
})

test('of somebody erased it says that, and no more; of nobody, nothing', async () => {
  const { subscribers, readers, publicId, close } = await wholeLife()
  onTestFinished(close)
  await readers.erasePerson(publicId)
  expect(await personDetails(subscribers, readers, publicId)).toMatchObject({
    ...{ state: 'erased', format: 'html', consents: [], change: null, sessions: 0, linksRevokedAt: null },
    ...{ letters: [], movedAt: [], kept: null, subscriber: { address: null, name: null } },
  })
  expect(await personDetails(subscribers, readers, 'a'.repeat(20))).toBeNull()
})

test('the state of a person is the one that gets them most mail, unless something keeps it all away', () => {
  const person = (...states: SubscriptionState[]): Subscriber => ({
    ...{ id: 1, publicId: 'a', address: 'a@b.example', name: null, tier: 'subscriber', suppression: null },
    ...{ erasedAt: null, createdAt: 0, updatedAt: 0 },
    subscriptions: states.map((state, index) => ({
      ...{
        newsletter: `n${index}`,
        state,
        consentAt: null,
        consentSource: null,
        leftAt: null,
        pausedUntil: null,
      },
    })),
  })
  expect(personState(person('left', 'confirmed'))).toBe('confirmed')
  expect(personState(person('left', 'confirmed'), 'n0')).toBe('left')
  expect(personState(person('left', 'pending', 'paused'))).toBe('paused')
  expect(personState(person())).toBe('left')
  const suppression = { reason: 'bounced', note: null, createdAt: 0 }
  expect(personState({ ...person('confirmed'), suppression })).toBe('suppressed')
  expect(personState({ ...person('confirmed'), suppression, erasedAt: 1 })).toBe('erased')
})

test('who erases must have typed the address, in whatever case, and nothing else', () => {
  const ada = { address: 'Ada@example.org' }
  expect(['ada@example.org', ' ADA@EXAMPLE.ORG '].map((typed) => isAddressOf(ada, typed))).toEqual([
    true,
    true,
  ])
  expect(['', 'ada', 'ada@example.com', 'eve@example.org'].map((typed) => isAddressOf(ada, typed))).toEqual([
    ...[false, false, false, false],
  ])
  expect(isAddressOf({ address: null }, '')).toBe(false)
})
