import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exportSubscribers } from '../../src/subscribers/export.ts'
import { parseName } from '../../src/subscribers/name.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { subscriberTiers, subscriptionStates } from '../../src/subscribers/subscriber.ts'
import { collect } from '../collect.ts'
import { address } from '../contract/subscribers.ts'
import { openPeople } from '../store/open-people.ts'
import { importText } from './import-text.ts'

const exported = async (store: SubscriberStore, newsletter: string | null = null): Promise<string> =>
  (await collect(exportSubscribers(store, { newsletter }))).join('')

test('everybody is exported, one row a subscription, with nothing that a spreadsheet would run', async () => {
  const { subscribers, close } = await openPeople()
  await importText(
    subscribers,
    `email,name,tier,state,newsletter
ada@example.org,"=HYPERLINK(""http://x"")",member,,weekly
ada@example.org,,,paused,daily
bob@example.org,"Smith, Bob",,left,weekly
+eve@example.org,,,,weekly
`,
  )
  await subscribers.suppress(address('+eve@example.org'), 'bounced', null)
  expect(await exported(subscribers)).toMatchInlineSnapshot(`
    "address,name,tier,newsletter,state,consent_at,consent_source,left_at,suppressed_for
    ada@example.org,"'=HYPERLINK(""http://x"")",member,daily,paused,,,,
    ada@example.org,"'=HYPERLINK(""http://x"")",member,weekly,confirmed,2026-01-02T00:00:00.000Z,import:people.csv,,
    bob@example.org,"Smith, Bob",subscriber,weekly,left,,,2026-01-02T00:00:00.000Z,
    '+eve@example.org,,subscriber,weekly,suppressed,2026-01-02T00:00:00.000Z,import:people.csv,,bounced
    "
  `)
  expect((await exported(subscribers, 'daily')).split('\n')).toHaveLength(3)
  await close()
})

test('an export that is imported into an empty store is exported as the same people', async () => {
  const name = fc
    .oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        '=1+1',
        '+1',
        '-x',
        '@x',
        "'=x",
        "''-x",
        "'x'",
        'a"b',
        'a,b',
        'a;b',
        "=cmd|' /C calc'!A0",
      ),
    )
    .map((text) => parseName(text))
    .map((parsed) => (parsed.ok ? parsed.value : null))
  const local = fc.constantFrom('', '+', '-', '=', "'", "'=", 'ü')
  const person = fc.record({
    local,
    name,
    tier: fc.constantFrom(...subscriberTiers),
    state: fc.constantFrom(...subscriptionStates, 'suppressed' as const),
    newsletter: fc.constantFrom('weekly', 'daily'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(person, { maxLength: 12 }), async (everybody) => {
      const [from, to] = [await openPeople(), await openPeople()]
      try {
        const importing = from.subscribers.startImport({ dryRun: false })
        await importing.write(
          everybody.map((each, index) => ({
            line: index + 2,
            address: address(`${each.local}reader${index}@example.org`),
            newsletter: each.newsletter,
            name: each.name,
            tier: each.tier,
            state: each.state,
            consentAt: 1_000_000 * (index + 1),
            consentSource: 'the fair',
          })),
        )
        await importing.close()
        const file = await exported(from.subscribers)
        expect(await importText(to.subscribers, file)).toMatchObject({
          read: everybody.length,
          added: everybody.length,
          refused: [],
        })
        // Why and when somebody was suppressed or left is told anew by the store that imports.
        const lasting = (text: string): string[] =>
          text.split('\n').map((line) => line.replace(/,[^,]*,[^,]*$/, ''))
        expect(lasting(await exported(to.subscribers))).toEqual(lasting(file))
      } finally {
        await from.close()
        await to.close()
      }
    }),
    { numRuns: 40 },
  )
})
