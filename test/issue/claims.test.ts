import { expect, test } from 'vitest'
import { loadIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import { sourcesDocument } from '../../src/issue/sources-document.ts'
import { publicationWith } from '../cli/publication.ts'

const entry = (id: string): string => `- id: ${id}
  title: T
  publisher: The ${id}
  url: https://${id}.test/
  published: 2025
  accessed: 2025
`

async function claims(text: string, tier: 'public' | 'subscriber' | 'member' = 'member') {
  const { root, context } = publicationWith({
    'briefs/w1/sources.yaml': ['dawn', 'geo', 'un'].map(entry).join(''),
    'briefs/w1/one.md': `---\ntitle: The harbour opens\nstandfirst: It opened.\ndate: 2025-11-14\n---\n\n${text}\n`,
  })
  const { issue } = await loadIssue(root, 'w1', context.config().publication)
  if (issue === null) throw new Error('no issue')
  return sourcesDocument(project(issue, tier)).claims ?? []
}

test('each sentence that rests on a source is a claim, with its quotations and relays', async () => {
  const found =
    await claims(`It opened on 7 November [@dawn, p. 3, "opened at noon"]. Nobody knew. It *then [@geo] closed*, twice, [@un; via @dawn] {key} and for good.

After the stop. [@geo] {id=stop} And @dawn said no [@geo].

The master spoke. He left [@un] {scope=para}.

- **346** ships waited [@geo]`)
  expect(
    found.map(({ text, key, id, citations }) => [
      text,
      key,
      id,
      citations.map(({ source, quote, via }) => [source, quote?.exact ?? null, via]),
    ]),
  ).toEqual([
    ['It opened on 7 November.', false, null, [[1, 'opened at noon', null]]],
    [
      'It then closed, twice, and for good.',
      true,
      null,
      [
        [2, null, null],
        [3, null, 1],
      ],
    ],
    ['After the stop.', false, 'stop', [[2, null, null]]],
    [
      'And The dawn said no.',
      false,
      null,
      [
        [1, null, null],
        [2, null, null],
      ],
    ],
    ['The master spoke. He left.', false, null, [[3, null, null]]],
    ['346 ships waited', false, null, [[2, null, null]]],
  ])
})

test('a claim is a whole sentence, also where the editor broke its lines', async () => {
  const found = await claims('The harbour opened on\n7 November [@dawn]. It closed\r\nsoon\n[@geo].')
  expect(found.map(({ text }) => text)).toEqual(['The harbour opened on 7 November.', 'It closed soon.'])
})

test('a tier’s claims hold nothing that it may not see', async () => {
  const text = `It opened [@dawn, "opened at noon"].

:::members{teaser="Why it closed"}
It closed for the secret reason [@geo, "a secret kept"] {id=hidden}.
:::`
  const of = async (tier: 'public' | 'subscriber' | 'member') => JSON.stringify(await claims(text, tier))
  expect(await of('public')).not.toMatch(/noon|secret|hidden/)
  expect(await of('subscriber')).toContain('noon')
  expect(await of('subscriber')).not.toMatch(/secret|hidden/)
  expect(await of('member')).toMatch(/secret reason.*a secret kept/)
})

test('a quotation of several sentences is one claim, and one that never ends swallows nothing', async () => {
  const texts = async (text: string) => (await claims(text)).map((each) => each.text)
  expect(await texts('“It is over. Nobody signed.” [@dawn] He left [@geo].')).toEqual([
    '“It is over. Nobody signed.”',
    'He left.',
  ])
  expect(await texts('“It is over. Nobody signed [@dawn]. He left [@geo].')).toEqual([
    'Nobody signed.',
    'He left.',
  ])
  expect(await texts('„Es ist aus.“ Er ging [@dawn]. “No.” She left [@geo].')).toEqual([
    'Er ging.',
    'She left.',
  ])
})
