import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { rankOf, searchWords } from '../../src/subscribers/search-words.ts'
import { parseName } from '../../src/subscribers/name.ts'
import { address } from '../contract/subscribers.ts'
import { openPeople } from './open-people.ts'

/** Letters that a comparison could get wrong: cases, accents, marks of their own, joined ones, signs of patterns. */
const letter = fc.constantFrom(
  ...[
    'a',
    'A',
    'ä',
    'e',
    'É',
    's',
    'S',
    'ß',
    'ẞ',
    'æ',
    'o',
    'ø',
    'œ',
    'ı',
    'İ',
    'I',
    'l',
    'Ł',
    'x\u0302',
    'x\u0302',
    'e\u0304\u0331',
  ],
  ...[
    'д',
    'Д',
    'й',
    'ย',
    'ี',
    '한',
    '张',
    '\u{1f600}',
    '\u0301',
    ' ',
    '%',
    '_',
    '*',
    '?',
    '[',
    ']',
    '^',
    '-',
    "'",
    '\\',
  ],
)
const word = fc.array(letter, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''))

test('what SQLite lets through is never less than what matches, whatever letters names and words have', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  const person = { tier: null, newsletter: 'weekly', source: 'test', again: false }
  let count = 0
  await fc.assert(
    fc.asyncProperty(fc.array(letter, { maxLength: 12 }), word, fc.nat(8), async (letters, other, at) => {
      database.exec('delete from consent; delete from subscription; delete from subscriber')
      const name = parseName(letters.join(''))
      if (!name.ok) return
      const who = address(`reader${count++}@example.org`)
      await subscribers.add({ ...person, address: who, name: name.value })
      // A part of the name itself, which is found most often, and some other word.
      for (const text of [letters.slice(at, at + 5).join(''), other]) {
        const matches = rankOf({ addressKey: who.key, name: name.value }, searchWords(text)) !== null
        const { people } = await subscribers.search({ text }, { after: null, limit: 5 })
        expect([text, name.value, people.length]).toEqual([text, name.value, matches ? 1 : 0])
      }
    }),
    { numRuns: 400 },
  )
})

test('a search of many people lets others have their turn, and reads no further than its page', async () => {
  const { database, subscribers, close } = await openPeople()
  onTestFinished(close)
  database.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 60000)
    insert into subscriber (public_id, address, address_key, address_hash, name, tier, created_at, updated_at)
    select 'p' || i, 'reader' || i || '@example.org', 'reader' || i || '@example.org', 'h' || i, 'Zoë ' || i,
      'subscriber', 0, 0 from n`)
  let turns = 0
  const count = setInterval(() => (turns += 1), 0)
  expect((await subscribers.search({ text: 'reader1@' }, { after: null, limit: 5 })).people).toHaveLength(1)
  clearInterval(count)
  expect(turns).toBeGreaterThan(1)
  const page = await subscribers.search({ text: 'zoe' }, { after: null, limit: 3 })
  expect(page.people.map((each) => each.name)).toEqual(['Zoë 60000', 'Zoë 59999', 'Zoë 59998'])
})
