import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deflateSync, crc32 } from 'node:zlib'
import { publicationSchema, type Publication } from '../../src/core/publication.ts'

/** A publication of one newsletter, as its schema reads it. */
export const publication: Publication = publicationSchema.parse({
  name: 'The Harbour',
  url: 'https://harbour.example.org',
  from: { name: 'The Harbour', address: 'desk@harbour.example.org' },
  postalAddress: '1 Quay',
  newsletters: { weekly: { name: 'Weekly' } },
})

/** Words that only members may read. */
export const memberWords = ['SECRETONE', 'SECRETTWO', 'SECRETTHREE', 'SECRETFOUR', 'SECRETFIVE', 'SECRETSIX']

/** Parts of the addresses of sources that only members' text cites. */
export const memberAddresses = ['members.test/only', 'vault.test/whole', 'relay.test/hidden']

/** Parts of the addresses of all sources with one. */
export const sourceAddresses = [
  'daily.test/news/42',
  'archive.test/9f3',
  'trends.test/story',
  'agency.test/report',
  ...memberAddresses,
]

/** Passages of the ledger and of citations. */
export const passages = ['stand where they stood', 'has entered an indefinite', 'ledger passage of members']

const entry = (id: string, publisher: string, more: string): string =>
  `- id: ${id}\n  title: The page of ${publisher}\n  publisher: ${publisher}\n  published: 2025-11-08\n  accessed: 2025-11-10\n${more}`

export const members = `::::members{teaser="Why the harbour closed"}
The harbour SECRETONE closed [@vault, "SECRETTWO has entered an indefinite phase"].

:::note
Also SECRETTHREE, see <https://members.test/only> and [the page][hidden].
:::

- SECRETFIVE by [@ministry; via @relay]
::::`

/** Path → content: every directive, nested members' sections, a whole brief for members, plain links to sources. */
export function richIssue(): Record<string, string | Uint8Array> {
  return {
    'briefs/w1/issue.md': `---
subject: The harbour, see https://daily.test/news/42
preheader: "One truce, two accounts, and a list of everything that we have read about it this week."
newsletter: weekly
date: 2025-11-14
status: approved
briefs: [harbour, inner]
---
An opening note [@daily].

:::members{teaser="A word to members"}
SECRETSIX in the note.
:::
`,
    'briefs/w1/harbour.md': `---
title: The harbour stays open
standfirst: What daily.test/news/42 reports, and what it leaves out of the account of that night.
date: 2025-11-10
image: {src: images/quay.png, alt: "The quay, from https://daily.test/news/42"}
tags: [sea]
corrections:
  - date: 2025-11-12
    text: "An earlier version took https://archive.test/9f3 for a date."
waivers:
  - rule: DC503
    reason: as https://daily.test/news/42 shows
---
The talks ended [@daily, "The two sides stand where they stood."]. See [the report](https://www.agency.test/report?utm_source=x#top),
https://trends.test/story?id=7, <https://daily.test/news/42> and \`https://daily.test/news/42\`.

@agency reports that 12 boats left [@trends; @agency].

<!-- desk-ok DC501: known since the morning -->
A claim of **weight** [@daily] {key id=weight}.

Split, daily.test/*news*/\`42\` and agency.test/**report** [@agency] is still an address.

![A boat](images/boat.png "from https://archive.test/9f3")

:::scenarios
- **Calm** (likely): the boats return [@daily]
- **Storm** (unlikely): they do not, says daily.test/news/42
:::

:::timeline
- 2025-10-19: a truce [@daily]
- 2025-10-25/2025-10-30: talks [@trends]
:::

:::figures
- **346** boats [@agency]
:::

:::positions
### The port
Open [@daily].

### The ministry
Closed [@agency].
:::

:::pullquote
> There is a complete deadlock. [@daily]
:::

${members}

| Who | What |
| --- | --- |
| port | [open](https://daily.test/news/42 "https://daily.test/news/42") [@daily] |

::button[Read https://daily.test/news/42]{href=https://daily.test/news/42}

\`\`\`
curl https://daily.test/news/42
\`\`\`

A last ~~word~~ and [an own link](https://elsewhere.test/page).

[hidden]: https://members.test/only "SECRETFOUR"
`,
    'briefs/w1/inner.md': `---
title: Inside
standfirst: For members alone, and nobody else reads a word of what stands below this line.
date: 2025-11-11
access: member
image: {src: images/inner.png, alt: SECRETONE}
corrections:
  - date: 2025-11-12
    text: "SECRETTWO was misspelt."
waivers:
  - rule: DC503
    reason: SECRETTHREE
---
SECRETFOUR [@members-only, "SECRETFIVE is what it says"].
`,
    'briefs/w1/sources.yaml': [
      entry(
        'daily',
        'The Daily',
        '  url: https://daily.test/news/42?utm_source=n\n  archive: https://archive.test/9f3\n  quotes: [The phase has entered an indefinite length]\n',
      ),
      entry('trends', 'Trends', '  url: https://trends.test/story?id=7\n'),
      entry('agency', 'Agency', '  url: https://agency.test/report\n  consulted: true\n'),
      entry(
        'members-only',
        'Vault One',
        '  url: https://members.test/only\n  quotes: [A ledger passage of members]\n',
      ),
      entry(
        'vault',
        'Vault Two',
        '  url: https://vault.test/whole\n  waivers: [{rule: DC703, reason: SECRETSIX}]\n',
      ),
      entry('ministry', 'Ministry', '  access: offline\n'),
      entry('relay', 'Relay', '  url: https://relay.test/hidden\n'),
      entry('read', 'Library', '  access: offline\n  consulted: true\n'),
    ].join('\n'),
    'briefs/w1/images/quay.png': png(4, 2, 1),
    'briefs/w1/images/boat.png': png(4, 4, 2),
    'briefs/w1/images/inner.png': png(8, 8, 3),
  }
}

/** Writes the files into a new temporary folder; `remove` takes it away. */
export function writePublication(files: Readonly<Record<string, string | Uint8Array>>): {
  readonly root: string
  remove(): void
} {
  const root = mkdtempSync(join(tmpdir(), 'onrecord-issue-'))
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), content)
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

/** A true-colour PNG of noise, the same for the same `seed`, with chunks put before the picture's data. */
export function png(width: number, height: number, seed: number, extra: readonly Buffer[] = []): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width))
  let state = seed
  for (let at = 0; at < rows.length; at++) {
    state = (state * 1103515245 + 12345) % 2147483648
    rows[at] = at % (1 + 3 * width) === 0 ? 0 : (state >> 16) & 0xff
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    start,
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** One chunk of a PNG. */
export function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
