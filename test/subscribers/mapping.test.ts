import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseMap } from '../../src/subscribers/columns.ts'
import type { ImportOptions, ImportResult } from '../../src/subscribers/import.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
import { stateOf } from '../../src/subscribers/subscriber.ts'
import { collect } from '../collect.ts'
import { address, type OpenPeople } from '../contract/subscribers.ts'
import { openPeople } from '../store/open-people.ts'
import { importText } from './import-text.ts'

let people: OpenPeople
let store: SubscriberStore
beforeEach(async () => {
  people = await openPeople()
  store = people.subscribers
})
afterEach(() => people.close())

const day = (at: number | null | undefined): string =>
  at === null || at === undefined ? '' : new Date(at).toISOString().slice(0, 10)

/** “local part: name, tier, state, consent, left”. */
const kept = async (): Promise<string[]> =>
  (await collect(store.list())).map((each) => {
    const [subscription] = each.subscriptions
    if (subscription === undefined) throw new Error('no subscription')
    const { consentAt, leftAt } = subscription
    return [
      each.address?.replace(/@.*/, ':'),
      each.name ?? '-',
      each.tier,
      stateOf(each, subscription),
      day(consentAt),
      day(leftAt),
    ]
      .join(' ')
      .trimEnd()
  })

const importFile = (
  fileName: string,
  file: string,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> => importText(store, file, { fileName, source: `import:${fileName}`, ...options })

const emailList = `email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at
free@x.test,false,,other,false,2024-07-01T00:00:00.000Z,
paid@x.test,true,2099-07-01T00:00:00.000Z,yearly,false,2024-06-01T00:00:00.000Z,2024-07-15T00:00:00.000Z
over@x.test,true,2025-07-01T00:00:00.000Z,yearly,false,2024-06-01T00:00:00.000Z,2024-07-15T00:00:00.000Z
renews@x.test,true,,monthly,false,2024-06-01T00:00:00.000Z,
off@x.test,true,,monthly,true,2024-05-01T00:00:00.000Z,
1234@deletion-request.substack.com,false,,other,false,2024-05-01T00:00:00.000Z,
`

test('Substack’s email list: who pays is a member, whose mail is off has left, who was deleted is nobody', async () => {
  const result = await importFile('email_list.brief.csv', emailList)
  expect(result).toMatchObject({
    added: 5,
    members: 2,
    optOuts: { left: 1, suppressed: 0 },
    refused: [{ line: 7, why: 'there', reason: 'They asked Substack to delete them.' }],
  })
  expect(await kept()).toEqual([
    'free: - subscriber confirmed 2024-07-01',
    'paid: - member confirmed 2024-06-01',
    'over: - subscriber confirmed 2024-06-01',
    'renews: - member confirmed 2024-06-01',
    expect.stringMatching(/^off: - member left 2024-05-01 /),
  ])
})

test('Substack’s page of subscribers has other columns, and says that it tells less', async () => {
  let advice: string | null = null
  await importFile(
    'subscribers.csv',
    `Email,Name,Stripe plan,Cancel date,Start date,Paid upgrade date,Activity,Type,Subscription source (free)
ana@x.test,Ana,,,2025-01-01T10:00:00.000000000+00:00,,5,Free,substack-notes
bob@x.test,Bob,Monthly,,2025-02-01T00:00:00.000Z,2025-03-01T00:00:00.000Z,3,Paid,direct
eve@x.test,Eve,,,2025-02-01T00:00:00.000Z,,3,Comp,direct
odd@x.test,Odd,,,2025-02-01T00:00:00.000Z,,3,Gold,direct
`,
    { onColumns: ({ mapping }) => (advice = mapping?.advice ?? null) },
  )
  expect(advice).toContain('does not say whose mail is switched off')
  expect(await kept()).toEqual([
    'ana: Ana subscriber confirmed 2025-01-01',
    'bob: Bob member confirmed 2025-02-01',
    'eve: Eve member confirmed 2025-02-01',
  ])
})

test('Ghost’s members: tiers and complimentary plans are members, a Stripe customer alone is not', async () => {
  const result = await importFile(
    'members.csv',
    `id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers
1,paid@x.test,"Hopper, Grace",VIP,true,false,cus_1,2024-01-15T10:00:00.000Z,,"a,b",Supporter
2,comp@x.test,,,true,true,,2024-01-15T10:00:00.000Z,,,
3,was@x.test,,,true,false,cus_2,2024-01-15T10:00:00.000Z,,,
4,off@x.test,,,false,false,cus_3,2024-01-15T10:00:00.000Z,,,Supporter
5,gone@x.test,,,true,false,,2024-01-15T10:00:00.000Z,2025-02-01T00:00:00.000Z,,
6,odd@x.test,,,maybe,false,,2024-01-15T10:00:00.000Z,,,
`,
  )
  expect(result).toMatchObject({
    added: 5,
    members: 2,
    optOuts: { left: 2, suppressed: 0 },
    refused: [{ line: 7, reason: 'The column subscribed_to_emails says neither true nor false.' }],
  })
  expect(await kept()).toEqual([
    'paid: Hopper, Grace member confirmed 2024-01-15',
    'comp: - member confirmed 2024-01-15',
    'was: - subscriber confirmed 2024-01-15',
    expect.stringMatching(/^off: - member left 2024-01-15 /),
    'gone: - subscriber left 2024-01-15 2025-02-01',
  ])
})

test('where an old export does not say who pays, --tier does', async () => {
  const ghost = 'email,subscribed_to_emails,complimentary_plan\na@x.test,true,false\nb@x.test,true,true\n'
  await importFile('paid.csv', ghost, { tier: 'member' })
  const substack = 'email,email_disabled,created_at\nc@x.test,false,2024-01-15\nd@x.test,true,2024-01-15\n'
  await importFile('paid.csv', substack, { tier: 'member' })
  expect((await collect(store.list())).map(({ tier }) => tier)).toEqual(Array(4).fill('member'))
})

const mailchimpHead =
  'Email Address,First Name,Last Name,State,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME'
const mailchimpTail = 'LEID,EUID,NOTES,TAGS'
const mailchimp = {
  subscribed: `${mailchimpHead},LAST_CHANGED,${mailchimpTail}
s1@x.test, Dolor , Simet ,CA,2,2018-02-05 19:28:22,,2018-02-06 19:28:22,2018-02-06 19:28:22,1,2,,"""Editors"""
s2@x.test,,,,2,2018-02-05 19:28:22,203.0.113.9,,,1,2,,
u1@x.test,,,,2,2018-02-05 19:28:22,,2018-02-05 19:28:22,,1,2,,
c1@x.test,,,,2,2018-02-05 19:28:22,,2018-02-05 19:28:22,,1,2,,
`,
  unsubscribed: `${mailchimpHead},UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,${mailchimpTail}
u1@x.test,Lorem,,,,2018-02-12 10:54:27,,2018-02-12 10:54:27,2018-07-23 12:19:27,,,,1,2,,
`,
  cleaned: `${mailchimpHead},CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,${mailchimpTail}
c1@x.test,Lorem,,,1,2018-02-05 19:28:23,,2018-02-05 19:28:23,2020-03-23 17:30:05,,,1,2,,
`,
}
type File = keyof typeof mailchimp
const inTheEnd = [
  'c1: suppressed',
  's1: confirmed 2018-02-06',
  's2: confirmed 2018-02-05',
  'u1: left 2018-07-23',
]

test.each<File[][]>([
  [['subscribed', 'unsubscribed', 'cleaned']],
  [['cleaned', 'unsubscribed', 'subscribed']],
  [['unsubscribed', 'subscribed', 'cleaned', 'subscribed', 'unsubscribed', 'cleaned']],
])('Mailchimp’s three files end in the same state in the order %j', async (order) => {
  for (const kind of order) await importFile(`${kind}_email_audience_export_1a2b.csv`, mailchimp[kind])
  const all = await collect(store.list())
  const states = all.map((each) => {
    const [subscription] = each.subscriptions
    if (subscription === undefined) throw new Error('no subscription')
    const state = stateOf(each, subscription)
    const date =
      state === 'left' ? subscription.leftAt : state === 'confirmed' ? subscription.consentAt : null
    return `${each.address?.replace(/@.*/, '')}: ${state} ${day(date)}`.trimEnd()
  })
  expect(states.toSorted()).toEqual(inTheEnd)
  expect((await store.find(address('s1@x.test')))?.name).toBe('Dolor Simet')
  expect(await store.suppressionOf(address('c1@x.test'))).toMatchObject({ reason: 'import' })
})

test('a file of Mailchimp’s that was renamed is known by its columns, and who never subscribed is not added', async () => {
  await importFile('a.csv', mailchimp.unsubscribed)
  await importFile('b.csv', mailchimp.cleaned)
  const bought = `${mailchimpHead},LAST_CHANGED,${mailchimpTail}\nshop@x.test,,,,2,,,,,1,2,,\n`
  expect((await importFile('c.csv', bought)).refused).toMatchObject([
    { line: 2, reason: 'At Mailchimp they were not subscribed.' },
  ])
  await expect(
    importFile('nonsubscribed_email_audience_export_1.csv', mailchimp.subscribed),
  ).rejects.toMatchObject({
    code: 'refused',
    message: 'These contacts never subscribed at Mailchimp: nobody is imported.',
  })
  expect((await kept()).map((line) => line.replace(/ +\d.*/, ''))).toEqual([
    'u1: Lorem subscriber left',
    'c1: Lorem subscriber suppressed',
  ])
})

test('an account in another language has other names for its own columns', async () => {
  await importFile(
    'unsubscribed_email_audience_export_x.csv',
    'Indirizzo email,Nome,Cognome,MEMBER_RATING,OPTIN_TIME,LEID,TAGS\nz@x.test,Zeta,Rossi,2,2023-01-01 10:00:00,1,\n',
  )
  expect(await kept()).toEqual([expect.stringMatching(/^z: Zeta Rossi subscriber left 2023-01-01 /)])
})

test('a mapping adds to what a known system says, and never takes an opt-out away', async () => {
  const file = `email,subscribed_to_emails,state,Level\na@x.test,false,confirmed,member\nb@x.test,true,left,\nc@x.test,true,,member\n`
  await importFile('members.csv', file, { map: parseMap(['state=state', 'tier=Level']) })
  expect((await kept()).map((line) => line.replace(/ +\d.*/, ''))).toEqual([
    'a: - member left',
    'b: - subscriber left',
    'c: - member confirmed',
  ])
})

test('a system that is named must be the file’s; other reads it by the usual names', async () => {
  await expect(importFile('x.csv', 'email,name\na@x.test,\n', { from: 'ghost' })).rejects.toMatchObject({
    code: 'refused',
    message: 'The file is not Ghost’s: it has no column “subscribed_to_emails”.',
  })
  await importFile('x.csv', 'email,subscribed_to_emails\na@x.test,false\n', { from: 'other' })
  expect((await kept()).map((line) => line.replace(/ +\d.*/, ''))).toEqual(['a: - subscriber confirmed'])
})

test('a file names the columns that it does not use, and refuses two of one name', async () => {
  let unused: readonly string[] = []
  await importFile('subscribed_1.csv', mailchimp.subscribed, {
    onColumns: (found) => (unused = found.unused),
  })
  expect(unused).toEqual([
    'State',
    'MEMBER_RATING',
    'OPTIN_IP',
    'LAST_CHANGED',
    'LEID',
    'EUID',
    'NOTES',
    'TAGS',
  ])
  await expect(importText(store, 'email,E-Mail,name\na@x.test,b@x.test,\n')).rejects.toMatchObject({
    code: 'refused',
    message: 'The file has two columns “email”.',
  })
  expect(await importText(store, 'email,Notes,notes\na@x.test,b,c\n')).toMatchObject({ added: 1 })
})

test('a consent of tomorrow is refused, and without a date the row says so', async () => {
  const result = await importText(
    store,
    'email,consent_at\na@x.test,2027-01-01\nb@x.test,01/02/2024\nc@x.test,\n',
  )
  expect(result.refused).toMatchObject([
    { line: 2, why: 'date', reason: 'The date of consent “2027-01-01” has not come yet.' },
    { line: 3, why: 'date', reason: 'The date of consent “01/02/2024” is none such as 2026-03-31.' },
  ])
  expect(result.added).toBe(1)
})
