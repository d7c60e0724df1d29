import { afterEach, beforeEach, expect, test } from 'vitest'
import { parseMap } from '../../src/subscribers/columns.ts'
import type { SubscriberStore } from '../../src/subscribers/store.ts'
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

const listed = async (): Promise<string[]> =>
  (await collect(store.list())).map((each) =>
    [
      each.address,
      each.name,
      each.tier,
      ...each.subscriptions.map(({ newsletter, state }) => `${newsletter} ${state}`),
    ].join(' | '),
  )

test('a plain file is read, and every row is accounted for', async () => {
  const result = await importText(
    store,
    'address,name,tier\nada@example.org,"Lovelace, Ada",member\nbob@example.org,,\nnobody,,\n',
  )
  expect(result).toMatchObject({
    read: 3,
    added: 2,
    updated: 0,
    unchanged: 0,
    refused: [{ line: 4, why: 'address', reason: 'The address has no @.' }],
    refusals: { address: 1 },
    members: 1,
    optOuts: { left: 0, suppressed: 0 },
    interrupted: false,
  })
  expect(await listed()).toEqual([
    'ada@example.org | Lovelace, Ada | member | weekly confirmed',
    'bob@example.org |  | subscriber | weekly confirmed',
  ])
})

test.each([
  ['a BOM, CRLF and headers in capitals', '\ufeffE-Mail,NAME\r\nada@example.org,Ada\r\n'],
  ['semicolons', 'email;name\nada@example.org;Ada\n'],
  ['tabs', 'Email Address\tFull Name\nada@example.org\tAda\n'],
  ['first and last names', 'Email,First Name,Last Name\nada@example.org,Ada,\n'],
  ['every cell in quotes', '"email","name"\n"ada@example.org","Ada"\n'],
  [
    'columns that are not ours, with line breaks',
    'notes,email,name\n"two\nlines, ""and"" more",ada@example.org,Ada\n',
  ],
  ['a postal address beside the e-mail', 'Address,Email,Name\n1 Elm Street,ada@example.org,Ada\n'],
  ['blank lines and empty rows', '\nemail,name\n\n,\nada@example.org,Ada\n,,\n\n'],
  ['no line end after the last row', 'email,name\nada@example.org,Ada'],
  ['marks of a spreadsheet', 'email,name\n ada@example.org , Ada \n'],
])('a file with %s is understood', async (_, file) => {
  expect(await importText(store, file)).toMatchObject({ added: 1, refused: [] })
  expect(await listed()).toEqual(['ada@example.org | Ada | subscriber | weekly confirmed'])
})

test.each([
  ['German', 'E-Mail-Adresse;Vorname;Name;Segment;Signed up', 'Mitglied', '31.3.2024 10:15'],
  ['German, written out', 'Mail;Vorname;Nachname;Stufe;Angemeldet am', 'bezahlt', '31.03.2024, 10:15:00'],
  ['French', 'Adresse e-mail;Prénom;Nom;Formule;Date d’inscription', 'Payant', '2024-03-31 10:15'],
  ['Spanish', 'Correo electrónico;Nombre;Apellidos;Grupo;Fecha de alta', 'Miembro', '2024-03-31T10:15Z'],
  ['Italian', 'Indirizzo e-mail;Nome;Cognome;Abbonamento;Data di iscrizione', 'Socio', '2024-03-31 10:15'],
  ['Dutch', 'E-mailadres;Voornaam;Achternaam;Lidmaatschap;Inschrijfdatum', 'Lid', '31.3.2024 10:15'],
  ['Portuguese', 'Endereço de e-mail;Nome;Sobrenome;Plano;Data de inscrição', 'Membro', '2024-03-31 10:15'],
  ['English', 'Email;First name;Surname;Segment;Signed up', 'premium', '2024-03-31 10:15'],
])('headings in %s are known', async (_, head, tier, date) => {
  const text = `${head}\nada@example.org;Ada;Lovelace;${tier};${date}\n`
  expect(await importText(store, text)).toMatchObject({
    ...{ added: 1, members: 1 },
    sample: [{ name: 'Ada Lovelace', consentAt: Date.UTC(2024, 2, 31, 10, 15) }],
  })
})

test('a heading that may mean something else is followed where all the first cells bear it out', async () => {
  const head = 'email,segment,joined\n'
  expect(
    await importText(store, `${head}ada@example.org,Berlin,03/04/2024\nbob@example.org,free,2024-03-31\n`),
  ).toMatchObject({ added: 2, refused: [], sample: [{ tier: null, consentAt: null }, { consentAt: null }] })
  expect(await importText(store, `${head}eve@example.org,,\n`)).toMatchObject({ added: 1, refused: [] })
  // A state is never guessed away: whoever left would be written to.
  expect(await importText(store, 'email,statut\nzoe@example.org,parti\n')).toMatchObject({
    refused: [{ reason: 'There is no state “parti”.' }],
  })
})

test('a file of bare addresses needs no header', async () => {
  expect(await importText(store, 'ada@example.org\nbob@example.org\n')).toMatchObject({ read: 2, added: 2 })
})

test('columns can be mapped, and left out', async () => {
  const map = parseMap(['address=Contact', 'name=Display', 'state='])
  await importText(store, 'contact,display,state\nada@example.org,Ada,CA\n', { map })
  expect(await listed()).toEqual(['ada@example.org | Ada | subscriber | weekly confirmed'])
})

test('a mapping may be written either way round', () => {
  expect(parseMap(['Contact=address', 'tier=Plan'])).toEqual(
    new Map([
      ['address', 'Contact'],
      ['tier', 'Plan'],
    ]),
  )
})

test('a mapped column that is not there is named, with the nearest one that is', async () => {
  await expect(
    importText(store, 'Emails,Name\n', { map: parseMap(['address=Email']) }),
  ).rejects.toMatchObject({
    code: 'usage',
    message: '--map: the file has no column “Email”.',
    hint: 'did you mean “Emails”?',
  })
  expect(() => parseMap(['adress=Email'])).toThrow('--map: there is no field “adress”.')
  expect(() => parseMap(['address'])).toThrow('--map address has no “=”.')
})

test('a file without addresses says what its columns are', async () => {
  await expect(importText(store, 'who,what\na,b\n')).rejects.toMatchObject({
    code: 'refused',
    message: 'The file has no column of addresses; its columns are “who”, “what”.',
  })
  await expect(importText(store, '')).rejects.toThrow('The file is empty.')
  await expect(importText(store, '\n\n')).rejects.toThrow('The file is empty.')
  await expect(importText(store, '"open')).rejects.toThrow('The first line of the file cannot be read.')
})

test('tiers, states, newsletters and dates come from their columns, in the words of other systems', async () => {
  await importText(
    store,
    `email,plan,status,newsletter,consent_at
ada@example.org,Paid,Subscribed,daily,2025-03-31
bob@example.org,free,unsubscribed,,2025-03-31T10:00:00+02:00
eve@example.org,,cleaned,,
`,
  )
  expect(await listed()).toEqual([
    'ada@example.org |  | member | daily confirmed',
    'bob@example.org |  | subscriber | weekly left',
    'eve@example.org |  | subscriber | weekly left',
  ])
  expect((await store.find(address('bob@example.org')))?.subscriptions[0]?.consentAt).toBe(
    Date.UTC(2025, 2, 31, 8),
  )
  expect(await store.suppressionOf(address('eve@example.org'))).toMatchObject({ reason: 'import' })
})

test('a tier and a newsletter of the command hold where the file says nothing', async () => {
  await importText(store, 'email,tier,newsletter\nada@example.org,,daily\nbob@example.org,subscriber,\n', {
    tier: 'member',
    newsletterColumn: false,
  })
  expect(await listed()).toEqual([
    'ada@example.org |  | member | weekly confirmed',
    'bob@example.org |  | subscriber | weekly confirmed',
  ])
})

test.each([
  ['x@y.test,a,memer,,', 'There is no tier “memer”; did you mean “member”.'],
  ['x@y.test,a,bob@y.test,,', 'There is no tier “…@…”.'],
  ['x@y.test,a,,confirmd,', 'There is no state “confirmd”; did you mean “confirmed”.'],
  ['x@y.test,a,,,weakly', 'There is no newsletter “weakly”; did you mean “weekly”.'],
  [
    'x@y.test,a,,,weekly,extra',
    'The row has 6 cells where the first line names 5 columns; a cell with a comma needs quotes.',
  ],
  ['x@y.test,"a\u2028",,,', 'The name holds a line break or a control character.'],
  [
    '"x@y.test\r\nBcc: z@y.test",a,,,',
    'The address holds a line break, a control character or an invisible one. (lines 2 to 3)',
  ],
  [
    'x@y.test,a"b",,,',
    'A quotation mark stands in the middle of a cell: put the cell in quotes and double the ones inside.',
  ],
  [
    'x@y.test,"a"b,,,',
    'A quotation mark stands in the middle of a cell: put the cell in quotes and double the ones inside.',
  ],
  ['x@y.test,"a,,,', 'A quotation mark is opened and not closed.'],
  [',a,,,', 'The address is empty.'],
  [`x@y.test,${'a'.repeat(70_000)},,,`, 'The row is longer than 64 KB.'],
])('the row %j is refused, and the one after it is read', async (row, reason) => {
  const result = await importText(store, `email,name,tier,state,newsletter\n${row}\nada@example.org,Ada,,,\n`)
  expect(result.refused.map((each) => [each.line, each.reason])).toEqual([[2, reason]])
  expect(result).toMatchObject({ read: 2, added: 1 })
})

test('bytes that are not UTF-8 are refused row by row, with what they may be', async () => {
  const file = Buffer.from('email,name\nzoe@example.org,Zo\u00eb\nada@example.org,Ada\n', 'latin1')
  expect(await importText(store, file)).toMatchObject({
    added: 1,
    refused: [
      {
        line: 2,
        reason: 'The row is not in UTF-8; the file may be in Windows-1252: --encoding windows-1252 reads it.',
      },
    ],
  })
})

test('a file that is imported twice changes nothing the second time', async () => {
  const file =
    'email,name,tier,state\nada@example.org,Ada,member,\nbob@example.org,Bob,,left\neve@example.org,,,suppressed\n'
  expect(await importText(store, file)).toMatchObject({ added: 3 })
  expect(await importText(store, file)).toMatchObject({ added: 0, updated: 0, unchanged: 3, refused: [] })
})

test('an import that is stopped keeps what it read, and goes on when it is run again', async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => `reader${index}@example.org`)
  const file = `email\n${rows.join('\n')}\n`
  const stop = new AbortController()
  const first = await importText(store, file, {
    signal: stop.signal,
    onProgress: ({ read }) => {
      if (read > 1_500) stop.abort()
    },
  })
  expect(first).toMatchObject({ interrupted: true, refused: [] })
  expect(first.read).toBe(first.added)
  expect((await store.counts(null)).total).toBe(first.added)
  expect(first.added).toBeLessThan(5_000)
  const second = await importText(store, file)
  expect(second).toMatchObject({ read: 5_000, added: 5_000 - first.added, unchanged: first.added })
})

test('of one who stands there twice and left once, the leaving holds, whichever line comes first', async () => {
  const file =
    'email,state\nada@example.org,\nbob@example.org,left\nADA@example.org,unsubscribed\nbob@example.org,\n'
  expect((await importText(store, file)).refusals).toEqual({ twice: 1 })
  expect(await listed()).toEqual([
    'ada@example.org |  | subscriber | weekly left',
    'bob@example.org |  | subscriber | weekly left',
  ])
  await importText(store, file)
  expect((await listed()).filter((line) => line.includes('confirmed'))).toEqual([])
})

test('a trial counts what the import then does, also where one row depends on another', async () => {
  await importText(store, 'email,state\nleft@example.org,left\nbad@example.org,bounced\n')
  const file = `email,tier,state,newsletter
new@example.org,member,,weekly
left@example.org,,,weekly
bad@example.org,,,weekly
eve@example.org,,complained,weekly
eve@example.org,,,daily
gone@example.org,,unsubscribed,weekly
gone@example.org,,,weekly
nobody,,,
`
  const trial = await importText(store, file, { dryRun: true })
  expect((await store.counts(null)).total).toBe(2)
  const real = await importText(store, file)
  expect(trial).toEqual(real)
  expect(real).toMatchObject({
    read: 8,
    added: 3,
    members: 1,
    optOuts: { left: 1, suppressed: 1 },
    refusals: { left: 1, suppressed: 2, twice: 1, address: 1 },
  })
})

test('each refused row is told, and no more than a thousand are held', async () => {
  const told: number[] = []
  const result = await importText(store, `email\n${'nobody\n'.repeat(2_500)}`, {
    onRefused: ({ line }) => told.push(line),
  })
  expect([told.length, result.refused.length, result.refusals]).toEqual([2_500, 1_000, { address: 2_500 }])
})
