import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { citationsOf } from '../../src/brief/citations.ts'
import { plainText } from '../../src/brief/plain-text.ts'
import { formatFinding } from '../../src/core/finding.ts'
import { tiers, type Tier } from '../../src/core/tier.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { keyClaims } from '../../src/desk/key-claims.ts'
import type { Issue, ProjectedIssue } from '../../src/issue/issue.ts'
import { loadIssue, type LoadedIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import { projectWaivers } from '../../src/issue/project-waivers.ts'
import { sourcesDocument } from '../../src/issue/sources-document.ts'
import {
  memberAddresses,
  memberWords,
  passages,
  publication,
  richIssue,
  sourceAddresses,
  writePublication,
} from './rich-issue.ts'

const written = writePublication(richIssue())
let loaded: LoadedIssue
let issue: Issue
beforeAll(async () => {
  loaded = await loadIssue(written.root, 'w1', publication)
  if (loaded.issue === null) throw new Error('no issue')
  issue = loaded.issue
})
afterAll(() => written.remove())

/** Every byte of a projection and of its sources.json, in lower case. */
function bytesOf(projected: ProjectedIssue): string {
  const document = sourcesDocument(projected)
  return JSON.stringify([projected, [...projected.images.keys()], document]).toLowerCase()
}

/** As a build projects it, with what the desk says. */
function show(tier: Tier): ProjectedIssue {
  return project(issue, tier, { waivers: loaded.waivers, claims: keyClaims(issue) })
}

function secretsIn(projected: ProjectedIssue, secrets: readonly string[]): string[] {
  const bytes = bytesOf(projected)
  return secrets.filter((secret) => bytes.includes(secret.toLowerCase()))
}

function find(projected: ProjectedIssue, id: string) {
  return projected.sources.find((source) => source.id === id)
}

describe('an issue that uses everything', () => {
  test('has no finding that is not waived', () => {
    const findings = checkIssue(loaded, publication).filter((each) => each.waived === null)
    expect(findings.map(formatFinding)).toEqual([])
  })

  test('numbers its sources by first citation, relays after their origin, the same for all tiers', () => {
    expect([...issue.numbers]).toEqual([
      ['daily', 1],
      ['agency', 2],
      ['trends', 3],
      ['vault', 4],
      ['ministry', 5],
      ['relay', 6],
      ['members-only', 7],
    ])
    for (const tier of tiers) {
      expect(show(tier).sources.map(({ number, id }) => [id, number])).toEqual([
        ...issue.numbers,
        ['read', null],
      ])
    }
  })
})

describe('what a tier may not see is in no byte of its projection', () => {
  test.each([
    ['public', [...memberWords, ...sourceAddresses, ...passages]],
    ['subscriber', [...memberWords, ...memberAddresses, 'ledger passage of members']],
    ['member', []],
  ] as const)('for %s', (tier, secrets) => {
    expect(secretsIn(show(tier), secrets)).toEqual([])
  })

  test('and what it may see is there', () => {
    expect(secretsIn(show('member'), [...memberWords, ...sourceAddresses, ...passages])).toEqual([
      ...memberWords,
      ...sourceAddresses,
      ...passages,
    ])
    const open = [
      'elsewhere.test/page',
      'boats left',
      'an own link',
      'why the harbour closed',
      'images/boat.png',
    ]
    for (const tier of tiers) expect(secretsIn(show(tier), open)).toEqual(open)
    expect(secretsIn(show('subscriber'), ['daily.test/news/42', 'archive.test/9f3'])).toHaveLength(2)
  })
})

describe('the projection', () => {
  test('puts a teaser in place of a members’ section, and nothing in place of a locked brief', () => {
    const projected = show('subscriber')
    expect(projected.note.children.map((node) => node.type)).toEqual(['paragraph', 'teaser'])
    expect(projected.briefs[0]?.body.children.find((node) => node.type === 'teaser')).toMatchObject({
      teaser: 'Why the harbour closed',
    })
    expect(projected.briefs[1]).toMatchObject({
      title: 'Inside',
      locked: 'member',
      image: null,
      body: { type: 'root', children: [] },
      corrections: [],
    })
    expect(projected.briefs[0]).toMatchObject({ locked: null, corrections: [{ date: '2025-11-12' }] })
    expect(show('member').briefs[1]).toMatchObject({
      locked: null,
      image: { src: 'images/inner.png' },
    })
  })

  test('keeps only the images that it shows', () => {
    const shown = (tier: Tier): string[] => [...show(tier).images.keys()]
    expect(shown('public')).toEqual(['briefs/w1/images/quay.png', 'briefs/w1/images/boat.png'])
    expect(shown('member')).toContain('briefs/w1/images/inner.png')
  })

  test('gives each citation its marks, with links from subscriber on', () => {
    const marks = (tier: Tier) =>
      show(tier).briefs.flatMap(({ body }) => citationsOf(body).map((each) => each.marks))
    expect(marks('public')[0]).toEqual([{ number: 1, publisher: 'The Daily', href: null, via: null }])
    expect(marks('subscriber')[0]).toEqual([
      {
        number: 1,
        publisher: 'The Daily',
        href: 'https://daily.test/news/42#:~:text=The%20two%20sides%20stand%20where%20they%20stood',
        via: null,
      },
    ])
    expect(marks('subscriber')[1]).toEqual([
      { number: 2, publisher: 'Agency', href: 'https://agency.test/report', via: null },
    ])
    expect(marks('member').flat()).toContainEqual({ number: 5, publisher: 'Ministry', href: null, via: 6 })
    expect(marks('member').flat()).toContainEqual({
      number: 6,
      publisher: 'Relay',
      href: 'https://relay.test/hidden',
      via: null,
    })
  })

  test('says why a source has no link, and counts what subscribing would unlock', () => {
    expect(show('public').count).toEqual({ total: 8, linked: 0, unlockedBySubscribing: 3 })
    expect(show('subscriber').count).toEqual({ total: 8, linked: 3, unlockedBySubscribing: 0 })
    expect(show('member').count).toEqual({ total: 8, linked: 6, unlockedBySubscribing: 0 })
    const locked = (tier: Tier) => show(tier).sources.map((source) => source.locked)
    expect(locked('public')).toEqual([
      'tier',
      'tier',
      'tier',
      'section',
      'section',
      'section',
      'section',
      null,
    ])
    expect(locked('subscriber')).toEqual([null, null, null, 'section', 'section', 'section', 'section', null])
    expect(locked('member')).toEqual(Array.from({ length: 8 }, () => null))
  })

  test('lists a source with its passages for those who may follow it', () => {
    expect(find(show('subscriber'), 'daily')).toMatchObject({
      number: 1,
      url: 'https://daily.test/news/42',
      passageUrl: 'https://daily.test/news/42#:~:text=The%20two%20sides%20stand%20where%20they%20stood',
      archive: 'https://archive.test/9f3',
      quotes: ['The two sides stand where they stood.', 'The phase has entered an indefinite length'],
      via: [],
    })
    expect(find(show('public'), 'daily')).toMatchObject({
      title: 'The page of The Daily',
      url: null,
      passageUrl: null,
      archive: null,
      quotes: [],
    })
    expect(find(show('subscriber'), 'vault')).toMatchObject({
      number: 4,
      publisher: 'Vault Two',
      title: 'The page of Vault Two',
      url: null,
      quotes: [],
    })
    expect(find(show('member'), 'ministry')).toMatchObject({ via: [6], url: null, locked: null })
  })

  test('unlinks plain links to sources for the public, and names the publisher where the address stood', () => {
    const text = JSON.stringify(show('public').briefs[0]?.body.children.slice(0, 2))
    expect(text).toContain('"the report"')
    expect(text).not.toContain('"link"')
    expect(text).toContain('"Trends"')
    const button = show('public').briefs[0]?.body.children.at(-3)
    expect(button?.type).toBe('paragraph')
    expect(button === undefined ? '' : plainText(button)).toBe('Read The Daily')
    expect(show('public').meta.subject).toBe('The harbour, see The Daily')
  })

  test('tells of waivers but of those in what it withholds', () => {
    const told = (tier: Tier) => projectWaivers(issue, loaded.waivers, tier).map((each) => each.reason)
    expect(told('member')).toEqual([
      'as https://daily.test/news/42 shows',
      'known since the morning',
      'SECRETTHREE',
      'SECRETSIX',
    ])
    expect(told('subscriber')).toEqual(['as https://daily.test/news/42 shows', 'known since the morning'])
    expect(told('public')).toEqual(['as The Daily shows', 'known since the morning'])
  })

  test('tells nobody but members of a waiver before a members’ block, or before one that holds it', async () => {
    const files = richIssue()
    const harbour = String(files['briefs/w1/harbour.md'])
    const section = /^:{3,}members/m.exec(harbour)
    expect(section).not.toBeNull()
    const waivedBlocks = harbour
      .replace(/^:{3,}members/m, '<!-- desk-ok DC503: ZZ1 -->\n\n$&')
      .replace(
        /^A last ~~word~~/m,
        '<!-- desk-ok DC201: ZZ2 -->\n\n::::note\n:::members{teaser="More"}\nHidden.\n:::\n::::\n\n<!-- desk-ok DC201: open to all -->\n\n$&',
      )
    const other = writePublication({ ...files, 'briefs/w1/harbour.md': waivedBlocks })
    const { issue: waived, waivers } = await loadIssue(other.root, 'w1', publication)
    other.remove()
    if (waived === null) throw new Error('no issue')
    for (const tier of tiers) {
      const bytes = bytesOf(project(waived, tier, { waivers, claims: keyClaims(waived) }))
      expect(bytes).toContain('open to all')
      for (const reason of ['zz1', 'zz2']) expect(bytes.includes(reason), tier).toBe(tier === 'member')
    }
  })

  test('leaves the issue as it was', () => {
    const before = JSON.stringify(issue.briefs.map((brief) => brief.body))
    for (const tier of tiers) show(tier)
    expect(JSON.stringify(issue.briefs.map((brief) => brief.body))).toBe(before)
  })
})
