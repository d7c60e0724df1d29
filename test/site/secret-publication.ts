import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { publicationSchema, type Publication } from '../../src/core/publication.ts'
import type { Tier } from '../../src/core/tier.ts'
import { freezeImages } from '../../src/delivery/freeze-images.ts'
import { keyClaims } from '../../src/desk/key-claims.ts'
import type { Edition } from '../../src/email/edition.ts'
import { buildEditions } from '../../src/email/build.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { snapshotTexts } from '../../src/sources/snapshot-texts.ts'
import { takeSnapshot } from '../../src/sources/snapshot.ts'
import { png } from '../issue/rich-issue.ts'
import type { StoreBed } from './bed.ts'

/*
 * A publication in which whatever a tier may not see is a made-up word, and says in its third letter who may:
 * `zqm…` members, `zqs…` subscribers and members, `zqn…` nobody at all on the site.
 */

export const secretPublication: Publication = publicationSchema.parse({
  name: 'The Harbour',
  url: 'https://harbour.example.org',
  from: { name: 'The Harbour', address: 'desk@harbour.example.org' },
  postalAddress: '1 Quay',
  newsletters: { weekly: { name: 'Weekly', description: 'Once a week.' }, daily: { name: 'Daily' } },
  policies: { corrections: 'We say so.', privacy: 'Little.' },
})

const frontmatter = (lines: Readonly<Record<string, string>>): string =>
  `---\n${Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')}---\n`

const issue = (subject: string, status = 'approved'): string =>
  frontmatter({
    subject,
    preheader: 'What https://zqsdaily.test/zqspath says of this week, and what it leaves out of it.',
    newsletter: 'weekly',
    date: '2025-11-14',
    status,
  })

const members = `::::members{teaser="Why the harbour closed"}
## The zqmheading of it

The harbour zqmwords closed [@vault, "The zqmquote has entered an indefinite phase"].

:::note
A zqmnote, see <https://zqmvault.test/whole> and [the page](https://zqmelsewhere.test/link).
:::

<!-- desk-ok DC501: zqmwaiver said so -->
- A zqmlist by [@ministry; via @relay] {key id=zqmclaim}

![The zqmalt](images/zqnfile-boat.png)

| zqmhead | What |
| --- | --- |
| port | zqmcell [@vault] |

::button[The zqmbutton]{href=https://zqmaction.test/go}
::::`

const harbour = `${frontmatter({
  title: 'The harbour stays open',
  standfirst:
    'What https://zqsdaily.test/zqspath reports, and what it leaves out of the account of that night.',
  date: '2025-11-10',
  authors: '[Desk]',
  image: '{src: images/zqnfile-quay.png, alt: The quay}',
  tags: '[sea]',
  corrections:
    '[{date: 2025-11-12, text: "An earlier version took https://zqsarchive.test/zqscopy for a date."}]',
})}
The talks ended [@daily, "The two sides zqsquote stand where they stood"] {key id=talks}. A book says so too [@book].

@agency reports 12 boats, as <https://zqsagency.test/report> and daily zqsdaily.test/zqspath do [@agency].

${members}
`

const inner = `${frontmatter({
  title: 'Inside',
  standfirst: 'For members alone, and nobody else reads a word of what stands below this line.',
  date: '2025-11-11',
  access: 'member',
  image: '{src: images/zqnfile-inner.png, alt: The zqminneralt, credit: zqmcredit}',
  corrections: '[{date: 2025-11-12, text: "A zqmcorrection was misspelt."}]',
  waivers: '[{rule: DC503, reason: zqminnerwaiver}]',
})}
## A zqminnerheading

The zqminner body [@lone, "zqmlone is what it says"].
`

const reader = `${frontmatter({
  title: 'For readers',
  standfirst: 'For subscribers, and nobody else reads a word of what stands below this very line.',
  date: '2025-11-11',
  access: 'subscriber',
  image: '{src: images/zqnfile-reader.png, alt: The zqsreaderalt}',
  corrections: '[{date: 2025-11-12, text: "A zqscorrection was misspelt."}]',
})}
## A zqsreaderheading

The zqsreader body [@readers, "zqsreaders is what it says"].
`

const entry = (id: string, more: string): string =>
  `- id: ${id}\n  title: The page of ${id}\n  publisher: Publisher of ${id}\n  published: 2025-11-08\n  accessed: 2025-11-10\n${more}`

const daily = (snapshot: string): string =>
  entry(
    'daily',
    `  url: https://zqsdaily.test/zqspath\n  archive: https://zqsarchive.test/zqscopy\n  snapshot: ${snapshot}\n  quotes: [The two sides zqsquote stand where they stood]\n`,
  )

function files(copies: {
  readonly daily: string
  readonly vault: string
}): Record<string, string | Uint8Array> {
  return {
    'briefs/w1/issue.md': `${issue('Harbour week, see https://zqsdaily.test/zqspath and https://zqmvault.test/whole')}
An opening note [@daily].

:::members{teaser="A word to members"}
A zqmopening in the note.
:::
`,
    'briefs/w1/harbour.md': harbour,
    'briefs/w1/inner.md': inner,
    'briefs/w1/reader.md': reader,
    'briefs/w1/sources.yaml': [
      daily(copies.daily),
      entry('agency', '  url: https://zqsagency.test/report\n  consulted: true\n'),
      entry('book', '  access: offline\n'),
      entry('readers', '  url: https://zqssubscribers.test/x\n  quotes: [zqsreaders is what it says]\n'),
      entry(
        'vault',
        `  url: https://zqmvault.test/whole\n  archive: https://zqmarchive.test/copy\n  author: [Zqmauthor]\n  party: zqmparty\n  snapshot: ${copies.vault}\n  quotes: [The zqmquote has entered an indefinite phase]\n  waivers: [{rule: DC703, reason: zqmsourcewaiver}]\n`,
      ),
      entry('lone', '  url: https://zqmlone.test/only\n  quotes: [zqmlone is what it says]\n'),
      entry('ministry', '  access: offline\n'),
      entry('relay', '  url: https://zqmrelay.test/hidden\n'),
      entry('library', '  access: offline\n  consulted: true\n'),
    ].join(''),
    'briefs/w1/images/zqnfile-quay.png': png(4, 2, 1),
    'briefs/w1/images/zqnfile-boat.png': png(4, 4, 2),
    'briefs/w1/images/zqnfile-inner.png': png(8, 8, 3),
    'briefs/w1/images/zqnfile-reader.png': png(8, 4, 4),
    // The same work in another issue, where all of it is open.
    'briefs/w2/issue.md': issue('A second week'),
    'briefs/w2/quay.md': `${frontmatter({ title: 'The quay', standfirst: 'A brief that anybody may read from its first to its last word, as it is.', date: '2025-11-11' })}
Boats came [@daily]. Zqsdaily.test/zqspath is masked in words.
`,
    'briefs/w2/sources.yaml': daily(copies.daily),
    // Published first as it should not have been.
    'briefs/w3/issue.md': issue('A third week'),
    'briefs/w3/boats.md': `${frontmatter({ title: 'The boats', standfirst: 'A brief that anybody may read from its first to its last word, as it is.', date: '2025-11-11' })}
Boats left [@daily].
`,
    'briefs/w3/sources.yaml': daily(copies.daily),
    // Never published.
    'briefs/w4/issue.md': issue('The zqndraft week', 'draft'),
    'briefs/w4/zqndraftbrief.md': `${frontmatter({ title: 'The zqndrafttitle', standfirst: 'A zqndraftstandfirst that nobody may read before it is published, however they ask.', date: '2025-11-11' })}
A zqndraftbody [@daily].
`,
    'briefs/w4/sources.yaml': daily(copies.daily),
  }
}

/** The third issue before it was corrected. */
const withdrawn = {
  'briefs/w3/issue.md': issue('A zqnwithdrawn week'),
  'briefs/w3/boats.md': `${frontmatter({ title: 'The zqnwithdrawntitle boats', standfirst: 'A brief of which the zqnwithdrawnline was taken back before anybody had to act on it.', date: '2025-11-11' })}
Boats left, a zqnwithdrawnbody said [@gone].
`,
  'briefs/w3/zqnwithdrawnbrief.md': `${frontmatter({ title: 'Taken back', standfirst: 'A brief of which everything was taken back before anybody had to act on it at all.', date: '2025-11-11' })}
It should not be.
`,
  'briefs/w3/sources.yaml': entry('gone', '  url: https://zqngone.test/x\n').replace(
    'page of',
    'zqnwithdrawnpage of',
  ),
}

const publishedIssues = ['w1', 'w2', 'w3']

/** What was published: the editions as they stand, and each made-up word in them. */
export interface Secrets {
  readonly editions: Readonly<Record<string, Readonly<Record<Tier, Edition>>>>
  /** Words that a reader of `tier` must meet nowhere, in lower case; names of images among them. */
  hiddenFrom(tier: Tier): readonly string[]
  /** Words that `tier` may read, and the tier below it may not. */
  openedTo(tier: Tier): readonly string[]
}

/** Publishes all of it on `bed`. */
export async function publishSecrets(bed: StoreBed): Promise<Secrets> {
  const root = mkdtempSync(join(tmpdir(), 'onrecord-secrets-'))
  const snapshotsDir = join(root, 'data', 'snapshots')
  const write = (contents: Readonly<Record<string, string | Uint8Array>>): void => {
    for (const [file, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), content)
    }
  }
  const copyOf = async (name: string, text: string): Promise<string> => {
    write({ [name]: text })
    const taken = await takeSnapshot(snapshotsDir, { kind: 'file', path: join(root, name), clock: bed.clock })
    if (taken.kind !== 'snapshot') throw new Error(`no snapshot of ${name}`)
    return taken.hash
  }
  const all = files({
    daily: await copyOf(
      'daily.txt',
      'A zqsbefore line came first. The two sides zqsquote stand where they stood, and the zqsafter line came last.\n',
    ),
    vault: await copyOf(
      'vault.txt',
      'A zqmbefore line came first. The zqmquote has entered an indefinite phase, and the zqmafter line came last.\n',
    ),
  })
  write(all)
  const template = await loadTemplate(join(import.meta.dirname, '..', '..', 'templates', 'weekly'))
  const editions: Record<string, Readonly<Record<Tier, Edition>>> = {}
  const publish = async (id: string): Promise<void> => {
    const { publication, baseUrl, imagesDir } = bed.deps
    const loaded = await loadIssue(root, id, publication, { snapshots: snapshotTexts(snapshotsDir) })
    if (loaded.issue === null) throw new Error(`${id} cannot be read`)
    const built = await buildEditions(
      { ...loaded, claims: keyClaims(loaded.issue) },
      { publication, baseUrl, template },
    )
    const of = (tier: Tier): Edition => {
      const edition = built.editions.find((each) => each.tier === tier)
      if (edition === undefined) throw new Error(built.findings.map(({ message }) => message).join('\n'))
      return edition
    }
    const three = { public: of('public'), subscriber: of('subscriber'), member: of('member') }
    await freezeImages(imagesDir, [...loaded.issue.images.values()])
    await bed.editions.publish(three)
    editions[id] = three
  }
  write(withdrawn)
  await publish('w3')
  rmSync(join(root, 'briefs/w3'), { recursive: true })
  write(all)
  bed.clock.time += 3_600_000
  for (const id of publishedIssues) await publish(id)
  rmSync(root, { recursive: true })

  const texts = [...Object.values(all), ...Object.values(withdrawn), zqnPeople]
  const wordsIn = texts.flatMap((text) =>
    typeof text === 'string' ? (text.toLowerCase().match(/zq[msn][a-z]+/g) ?? []) : [],
  )
  const words = new Set([...wordsIn, 'zqsbefore', 'zqsafter', 'zqmbefore', 'zqmafter'])
  const imagesOf = (tier: Tier): string[] =>
    Object.values(editions).flatMap((three) => [...three[tier].images])
  const openedTo = (tier: Tier): string[] => {
    if (tier === 'public') return []
    const below = imagesOf(tier === 'member' ? 'subscriber' : 'public')
    return [
      ...[...words].filter((word) => word.startsWith(tier === 'member' ? 'zqm' : 'zqs')),
      ...imagesOf(tier).filter((name) => !below.includes(name)),
    ]
  }
  const nobody = [...words].filter((word) => word.startsWith('zqn'))
  return {
    editions,
    openedTo,
    hiddenFrom: (tier) => [
      ...nobody,
      ...(tier === 'member' ? [] : openedTo('member')),
      ...(tier === 'public' ? openedTo('subscriber') : []),
    ],
  }
}

/** Words of people who are not asking. */
export const zqnPeople = 'zqnneighbour@zqnpeople.test zqnname'
