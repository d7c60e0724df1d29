import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tiers, type Tier } from '../../src/core/tier.ts'
import { keyClaims } from '../../src/desk/key-claims.ts'
import { loadIssue, type LoadedIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import type { SourcingStatement } from '../../src/issue/sourcing-statement.ts'
import { publication, writePublication } from './rich-issue.ts'

const hash = (letter: string): string => `sha256:${letter.repeat(64)}`
const report = Array.from({ length: 200 }, (_, index) => `word${index}`).join(' ')
const texts = new Map([
  [hash('a'), `${report} The two sides stand where they stood, said the mayor of the town. ${report}`],
  [hash('b'), `A reprint. ${report} The two sides stand where they stood, said the mayor.`],
])

const entry = (id: string, kind: string, more = ''): string =>
  `- {id: ${id}, title: About ${id}, publisher: ${id.toUpperCase()}, url: "https://${id}.test/page", published: 2025-11-08, accessed: 2025-11-10, kind: ${kind}${more}}`

const written = writePublication({
  'briefs/w1/issue.md': `---
subject: The harbour
preheader: One truce, two accounts, and a list of everything that we have read about it this week.
newsletter: weekly
date: 2025-11-14
status: approved
briefs: [open, closed]
---
`,
  'briefs/w1/open.md': `---
title: The open brief
standfirst: What the town reports, and what it leaves out of the account of that night in the harbour.
date: 2025-11-10
corrections:
  - {date: 2025-11-12, text: The date was wrong.}
  - {date: 2025-11-13, text: So was the place.}
waivers:
  - {rule: DC503, reason: The count is due in January}
---
Two papers carry one report [@daily] {key} [@copy]. The ministry and its army agree [@ministry; @army] {key}.
The council and the paper both say so [@council; @daily] {key}. Not a key claim [@daily].
He heard it from a clerk [@clerk; via @relay] {key}.

:::members{teaser="Why the harbour closed"}
SECRETONE says one voice [@vault] {key}, and a source of SECRETTWO [@whisper].
:::
`,
  'briefs/w1/closed.md': `---
title: The closed brief
standfirst: For members alone, and nobody else reads a word of what stands below this line today.
date: 2025-11-11
access: member
corrections:
  - {date: 2025-11-14, text: SECRETTHREE}
waivers:
  - {rule: DC503, reason: SECRETFOUR}
---
All on one voice [@vault] {key}.
`,
  'briefs/w1/sources.yaml': [
    entry('daily', 'newspaper', `, snapshot: "${hash('a')}"`),
    entry('copy', 'newspaper', `, snapshot: "${hash('b')}"`),
    entry('ministry', 'official', ', party: north'),
    entry('army', 'official', ', party: North'),
    entry('council', 'un', `, snapshot: "${hash('f')}"`),
    entry('clerk', 'interview', ', anonymity: {reason: may not speak, access: was in the room}'),
    entry('relay', 'wire'),
    entry('vault', 'thinktank'),
    entry('whisper', 'social', ', anonymity: {reason: SECRETFIVE, access: SECRETSIX}'),
    entry('shelf', 'dataset', ', consulted: true'),
  ].join('\n'),
})

let loaded: LoadedIssue
beforeAll(async () => {
  const snapshots = {
    readText: async (wanted: string) => texts.get(wanted) ?? null,
    capturedAt: async () => '2025-11-10T09:00:00.000Z',
  }
  loaded = await loadIssue(written.root, 'w1', publication, { snapshots })
})
afterAll(() => written.remove())

function show(tier: Tier) {
  if (loaded.issue === null) throw new Error('no issue')
  return project(loaded.issue, tier, { waivers: loaded.waivers, claims: keyClaims(loaded.issue) })
}

const statement = (tier: Tier): SourcingStatement => show(tier).sourcing

describe('the sourcing statement', () => {
  test('counts sources, kinds and copies over the whole issue, the same for every tier', () => {
    for (const tier of tiers) {
      expect(statement(tier)).toMatchObject({
        cited: 9,
        consulted: 1,
        kinds: [
          { kind: 'official', count: 2 },
          { kind: 'newspaper', count: 2 },
          { kind: 'un', count: 1 },
          { kind: 'wire', count: 1 },
          { kind: 'thinktank', count: 1 },
          { kind: 'interview', count: 1 },
          { kind: 'social', count: 1 },
        ],
        primary: 4,
        snapshots: 3,
      })
    }
  })

  test('counts a reprint with its original, and one party’s offices once', () => {
    expect(statement('public').voices).toBe(7)
  })

  test('names key claims on one voice: by a reprint, a party, a relay', () => {
    expect(statement('public')).toMatchObject({
      keyClaims: 4,
      singleVoice: [{ numbers: [1, 2] }, { numbers: [3, 4] }, { numbers: [6, 7] }],
    })
    expect(statement('subscriber').keyClaims).toBe(4)
    expect(statement('member').singleVoice.slice(3)).toEqual([{ numbers: [8] }])
    expect(statement('member').keyClaims).toBe(6)
  })

  test('says why a source is unnamed, but for one that only locked text cites', () => {
    expect(statement('public').unnamed).toEqual([
      { number: 6, reason: 'may not speak', access: 'was in the room' },
      { number: 9, reason: null, access: null },
    ])
    expect(statement('member').unnamed[1]).toEqual({ number: 9, reason: 'SECRETFIVE', access: 'SECRETSIX' })
  })

  test('lists corrections and waivers of what the tier may read', () => {
    expect(statement('subscriber').corrections).toEqual([
      { date: '2025-11-13', brief: 'The open brief' },
      { date: '2025-11-12', brief: 'The open brief' },
    ])
    expect(statement('member').corrections).toHaveLength(3)
    expect(show('public').waivers.map(({ reason }) => reason)).toEqual(['The count is due in January'])
    expect(show('member').waivers).toHaveLength(2)
  })

  test('holds nothing of what the tier may not read', () => {
    for (const tier of ['public', 'subscriber'] as const) {
      const { sourcing, waivers } = show(tier)
      expect(JSON.stringify([sourcing, waivers])).not.toContain('SECRET')
    }
  })
})

test('with stored copies, a link to a passage has the words of the page', async () => {
  const source = loaded.issue?.ledger.get('daily')
  if (source === undefined) throw new Error('no source')
  const quote = 'the two sides stand where they stood, said the mayor of the town'
  expect(loaded.issue?.stored.linkTo(source, quote)).toBe(
    'https://daily.test/page#:~:text=The%20two%20sides,of%20the%20town',
  )
  expect(loaded.issue?.stored.linkTo(source, 'the two sides have moved')).toBeNull()
  const bare = await loadIssue(written.root, 'w1', publication)
  expect(bare.issue?.stored.linkTo(source, quote)).toBe(
    'https://daily.test/page#:~:text=the%20two%20sides%20stand,mayor%20of%20the%20town',
  )
})
