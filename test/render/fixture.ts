import type { BlockContent, PhrasingContent, Root, RootContent } from 'mdast'
import type { Citation } from '../../src/brief/tree.ts'
import { publicationSchema, type Publication } from '../../src/core/publication.ts'
import type { Tier } from '../../src/core/tier.ts'
import type { SourcingStatement } from '../../src/issue/sourcing-statement.ts'
import type { IssueImage, ProjectedBrief, ProjectedIssue, ProjectedSource } from '../../src/issue/issue.ts'

export const publication: Publication = publicationSchema.parse({
  name: 'The Ledger Brief',
  url: 'https://brief.example.org',
  from: { name: 'The Ledger Brief', address: 'desk@brief.example.org' },
  replyTo: 'desk@brief.example.org',
  postalAddress: '1 Harbour Street, Valletta',
  timeZone: 'Europe/Malta',
  newsletters: { weekly: { name: 'Weekly', description: 'Every Friday' } },
  tiers: { subscriber: 'Reader', member: 'Member' },
  theme: { accent: '#8a1c1c', font: 'serif', tagline: 'You can verify everything we write' },
})

export const baseUrl = 'https://brief.example.org'

export function root(...children: RootContent[]): Root {
  return { type: 'root', children }
}

export function text(value: string): PhrasingContent {
  return { type: 'text', value }
}

export function p(...children: (PhrasingContent | string)[]): BlockContent & { type: 'paragraph' } {
  return {
    type: 'paragraph',
    children: children.map((child) => (typeof child === 'string' ? text(child) : child)),
  }
}

export function h(depth: 2 | 3 | 4, value: string): RootContent {
  return { type: 'heading', depth, children: [text(value)] }
}

/** A citation of one source, projected; the link is to a made-up page. */
export function cite(
  number: number,
  options: Partial<Citation> & { locator?: string; linked?: boolean } = {},
): Citation {
  const { locator = null, linked = true, ...own } = options
  return {
    type: 'citation',
    items: [{ id: `source-${number}`, locator, quote: null, via: null }],
    narrative: false,
    key: false,
    claim: null,
    scope: 'sentence',
    marks: [
      {
        number,
        publisher: `Publisher ${number}`,
        href: linked ? `https://news.example.org/${number}?a=1&b=2#:~:text=the%20very%20words` : null,
        via: null,
      },
    ],
    ...own,
  }
}

export function source(number: number, own: Partial<ProjectedSource> = {}): ProjectedSource {
  return {
    number,
    id: `source-${number}`,
    title: `Report number ${number}: what was said & done`,
    publisher: `Publisher ${number}`,
    authors: [],
    published: '2025-11-08',
    kind: 'newspaper',
    lang: null,
    party: null,
    url: `https://news.example.org/${number}?a=1&b=2`,
    passageUrl: null,
    passages: [],
    capturedAt: null,
    archive: null,
    quotes: [],
    snapshot: null,
    locked: null,
    via: [],
    ...own,
  }
}

export function brief(id: string, body: Root, own: Partial<ProjectedBrief> = {}): ProjectedBrief {
  return {
    id,
    file: `briefs/2025-w46/${id}.md`,
    title: 'A title',
    standfirst: 'A standfirst.',
    date: '2025-11-10',
    authors: ['Desk'],
    tags: ['south-asia'],
    image: null,
    locked: null,
    body,
    corrections: [],
    ...own,
  }
}

/** As if each source were a voice of its own. */
function sourcing(sources: readonly ProjectedSource[]): SourcingStatement {
  const cited = sources.filter((each) => each.number !== null)
  return {
    cited: cited.length,
    consulted: sources.length - cited.length,
    kinds: [{ kind: 'newspaper', count: cited.length }],
    primary: 0,
    voices: cited.length,
    snapshots: 0,
    keyClaims: 0,
    singleVoice: [],
    unnamed: [],
    corrections: [],
  }
}

export function issueOf(
  briefs: readonly ProjectedBrief[],
  own: Partial<ProjectedIssue> = {},
): ProjectedIssue {
  const sources = own.sources ?? [source(1), source(2), source(3)]
  const linked = sources.filter((each) => each.url !== null).length
  return {
    id: '2025-w46',
    file: 'briefs/2025-w46/issue.md',
    tier: 'member',
    meta: {
      subject: 'Talks end in Istanbul without a text',
      preheader: 'Both sides keep the truce and blame each other. Nine sources, all linked.',
      newsletter: 'weekly',
      template: null,
      date: '2025-11-14',
      status: 'approved',
      briefs: null,
      lang: null,
    },
    lang: 'en',
    template: 'weekly',
    note: root(),
    briefs,
    sources,
    count: { total: sources.length, linked, unlockedBySubscribing: 0 },
    sourcing: sourcing(sources),
    waivers: [],
    logo: null,
    images: new Map(),
    ...own,
  }
}

/** An issue that uses everything the format has, as a reader of `tier` sees it. */
export function richIssue(tier: Tier = 'member'): ProjectedIssue {
  const linked = tier !== 'public'
  const c = (number: number, options: Parameters<typeof cite>[1] = {}): Citation =>
    cite(number, { linked, ...options })
  const prose =
    'The third round of talks between Pakistan and Afghanistan, held in Istanbul under Turkish and Qatari mediation, ended without a text. Each delegation left with the account it had brought, and the truce of 19 October was the only thing that neither of them gave up'
  const locked: RootContent[] =
    tier === 'member'
      ? [
          {
            type: 'members',
            teaser: 'Why economic interdependence fails when security paradigms are incompatible',
            children: [
              h(2, 'Why interdependence fails'),
              p(`Trade was meant to be the ballast. `, text(prose), ' ', c(3), '.'),
              {
                type: 'note',
                children: [p('The figures for transit trade are the ministry’s own ', c(2), '.')],
              },
              {
                type: 'button',
                href: 'https://brief.example.org/archive',
                children: [text('Read the archive')],
              },
            ],
          },
        ]
      : [
          {
            type: 'teaser',
            teaser: 'Why economic interdependence fails when security paradigms are incompatible',
          },
        ]
  const talks = brief(
    'istanbul-talks',
    root(
      h(2, 'What happened'),
      p(
        text(`${prose} `),
        c(1, { locator: 'p. 18' }),
        '. ',
        text('In full view, '),
        c(2, { narrative: true }),
        text(' reports that a fourth round was not planned '),
        c(1),
        c(3),
        '.',
      ),
      p(
        'Both sides had signed something in Doha: a paper of four lines that named neither the militants nor the border, which is why each could read into it what it needed. ',
        { type: 'emphasis', children: [text('It held anyway.')] },
      ),
      {
        type: 'pullquote',
        children: [
          {
            type: 'blockquote',
            children: [
              p('“There is a complete deadlock. The negotiations have entered an indefinite phase.” ', c(1)),
            ],
          },
        ],
      },
      h(2, 'The sanctuary dilemma'),
      p(
        'Islamabad asks for a ',
        { type: 'strong', children: [text('written guarantee')] },
        '; Kabul calls the demand itself a violation of sovereignty ',
        c(2),
        '. The full text is in ',
        { type: 'link', url: 'https://example.org/doha?x=1&y=2', children: [text('the Doha statement')] },
        '.',
      ),
      {
        type: 'positions',
        children: [
          {
            type: 'position',
            party: 'Pakistan',
            children: [
              p(
                'The talks are over; there is no plan for a fourth round, and Kabul will not sign what it promises aloud ',
                c(1),
                '.',
              ),
            ],
          },
          {
            type: 'position',
            party: 'The Taliban government',
            children: [
              p(
                'The other delegation asked for guarantees that nobody could give, and the truce holds all the same ',
                c(3),
                '.',
              ),
            ],
          },
          {
            type: 'position',
            party: 'Türkiye and Qatar',
            children: [
              p('Monitoring and verification were agreed in October, and remain to be set up ', c(2), '.'),
            ],
          },
        ],
      },
      h(3, 'In numbers'),
      {
        type: 'figures',
        children: [
          { type: 'figure', value: '346', children: [text('wounded in October, by the UN’s count '), c(2)] },
          { type: 'figure', value: '6,000–6,500', children: [text('fighters, by one estimate '), c(1)] },
          { type: 'figure', value: '3', children: [text('rounds of talks')] },
        ],
      },
      {
        type: 'blockquote',
        children: [
          p('A quotation set apart, of more than one line, so that its measure can be seen on a telephone.'),
        ],
      },
      {
        type: 'list',
        ordered: false,
        spread: false,
        children: [
          { type: 'listItem', spread: false, children: [p('What mediation can do: keep the line open.')] },
          {
            type: 'listItem',
            spread: false,
            children: [
              p(
                'What it cannot: define security for two states that mean different things by it ',
                c(3),
                '.',
              ),
              {
                type: 'list',
                ordered: true,
                start: 3,
                children: [{ type: 'listItem', children: [p('a nested point')] }],
              },
            ],
          },
        ],
      },
      {
        type: 'table',
        align: ['left', 'right', null],
        children: [
          {
            type: 'tableRow',
            children: ['Account', 'Dead', 'Source'].map((value) => ({
              type: 'tableCell',
              children: [text(value)],
            })),
          },
          {
            type: 'tableRow',
            children: [
              { type: 'tableCell', children: [text('UNAMA')] },
              { type: 'tableCell', children: [text('46')] },
              { type: 'tableCell', children: [c(2)] },
            ],
          },
          {
            type: 'tableRow',
            children: [
              { type: 'tableCell', children: [text('Kabul')] },
              { type: 'tableCell', children: [text('50')] },
              { type: 'tableCell', children: [c(3)] },
            ],
          },
        ],
      },
      ...locked,
    ),
    {
      title: 'Istanbul talks end without agreement',
      standfirst: 'The truce of 19 October holds on paper; the question that broke it is untouched.',
      authors: ['Ana Desk', 'Ben Editor'],
      tags: ['diplomacy', 'south-asia'],
      image: { src: 'images/bosphorus.jpg', alt: 'The Bosphorus at dusk', credit: 'Photograph by the desk' },
      corrections: [{ date: '2025-11-12', text: 'An earlier version misdated the first session.' }],
    },
  )
  const strikes = brief(
    'paktika-strikes',
    root(
      p(
        'The escalation began with a raid, ',
        { type: 'delete', children: [text('a skirmish')] },
        ' in Makeen ',
        {
          ...c(3),
          items: [{ id: 'source-3', locator: null, quote: null, via: 'source-2' }],
          marks: [
            {
              number: 3,
              publisher: 'Publisher 3',
              href: linked ? 'https://news.example.org/3' : null,
              via: 2,
            },
            {
              number: 2,
              publisher: 'Publisher 2',
              href: linked ? 'https://news.example.org/2' : null,
              via: null,
            },
          ],
        },
        '.',
      ),
      {
        type: 'timeline',
        children: [
          {
            type: 'event',
            date: '2024-12-21',
            until: null,
            children: [text('Militants overrun a post in Makeen '), c(3)],
          },
          {
            type: 'event',
            date: '2024-12-24',
            until: null,
            children: [text('Strikes in Paktika; three accounts of the dead '), c(1), c(2)],
          },
          {
            type: 'event',
            date: '2025-10-25',
            until: '2025-10-30',
            children: [text('First session in Istanbul '), c(2)],
          },
          { type: 'event', date: '2025-11~', until: null, children: [text('A third round, and no text')] },
        ],
      },
      {
        type: 'scenarios',
        children: [
          {
            type: 'scenario',
            name: 'Managed instability',
            likelihood: 'likely',
            children: [
              text(
                'The truce holds on paper, crossings open and close, and both capitals keep the quarrel below the level of war.',
              ),
            ],
          },
          {
            type: 'scenario',
            name: 'A sustained campaign',
            likelihood: 'unlikely',
            children: [text('Cross-border strikes become routine '), c(3), text('.')],
          },
          {
            type: 'scenario',
            name: 'An external shock',
            likelihood: 'almost no chance',
            children: [text('A third party changes the sum.')],
          },
        ],
      },
      { type: 'note', children: [p('Tolls are given by their authors; none was verified on the ground.')] },
      { type: 'correction', children: [p('The ministry gave no casualties on 28 December.')] },
      { type: 'code', lang: null, value: 'if (a < b && c) {\n    return "x"\n}' },
      {
        type: 'button',
        href: 'https://brief.example.org/more?a=1&b="2"',
        children: [text('Read the timeline & more')],
      },
      p('One paragraph after the button.'),
    ),
    {
      title: 'In Paktika, a sponsor’s strategy comes home',
      standfirst:
        'Forty-six dead, or fifty, or a number of militants: what is known about the strikes of 24 December.',
    },
  )
  const access = (own: Partial<ProjectedSource>): Partial<ProjectedSource> =>
    linked ? own : { ...own, url: null, passageUrl: null, archive: null, quotes: [], locked: 'tier' }
  const sources = [
    source(
      1,
      access({
        publisher: 'Publisher 1',
        title: 'No fourth round: Pakistan suspends peace talks',
        passageUrl: 'https://news.example.org/1?a=1&b=2#:~:text=There%20is%20a%20complete%20deadlock',
        quotes: ['There is a complete deadlock.'],
        archive: 'https://web.archive.org/web/2025/https://news.example.org/1',
      }),
    ),
    source(
      2,
      access({
        kind: 'un',
        title: '[Statement on civilian casualties]',
        published: 'unknown',
        snapshot: `sha256:${'ab'.repeat(32)}`,
      }),
    ),
    source(
      3,
      access({
        kind: 'official',
        party: 'pakistan',
        lang: 'ur',
        via: [2],
        authors: ['A. Author'],
        published: '2025-11-08~',
      }),
    ),
    source(4, { number: null, ...access({ title: 'Read, and not cited' }) }),
  ]
  return issueOf([talks, strikes], {
    tier,
    note: root(
      p(
        'This week both sides kept the truce and blamed each other. We list every source; if we are wrong, the passage is one tap away.',
      ),
    ),
    sources,
    count: { total: 4, linked: linked ? 4 : 0, unlockedBySubscribing: linked ? 0 : 4 },
    images: new Map([['briefs/2025-w46/images/bosphorus.jpg', picture]]),
  })
}

const picture: IssueImage = {
  file: 'briefs/2025-w46/images/bosphorus.jpg',
  name: '0123456789abcdef.jpg',
  mediaType: 'image/jpeg',
  width: 536,
  height: 302,
  bytes: new Uint8Array(),
}
