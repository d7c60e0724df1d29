import { join } from 'node:path'
import type { Tier } from '../../src/core/tier.ts'
import { buildEditions } from '../../src/email/build.ts'
import type { Edition } from '../../src/email/edition.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { png, writePublication } from '../issue/rich-issue.ts'
import type { SiteBed } from './bed.ts'

const hash = (letter: string): string => `sha256:${letter.repeat(64)}`

/** What the stored copies say. */
const copies = new Map([
  [
    hash('a'),
    'The harbour office spoke on Friday.\n\nIts clerk read a note: “The bridge stays shut until the divers are done,” and left. Behind the door WITHHELDWORDS were read to the owners. No date was given.',
  ],
  [hash('b'), 'A page about tides.'],
])

const source = (id: string, publisher: string, more: string): string =>
  `- id: ${id}\n  title: The page of ${publisher}\n  publisher: ${publisher}\n  published: 2025-11-08\n  accessed: 2025-11-10\n${more}`

const files = {
  'briefs/w1/issue.md': `---
subject: The bridge & the <harbour>
preheader: One bridge, two briefs, and each page that we have read about it this week, listed in full.
newsletter: weekly
date: 2025-11-14
status: approved
briefs: [bridge, owners]
---
An opening note [@tides].
`,
  'briefs/w1/bridge.md': `---
title: The bridge stays shut
standfirst: A brief about one bridge, and about what was said of it on a Friday.
date: 2025-11-12
authors: [Ada Quill]
tags: [harbours]
image: {src: bridge.png, alt: A bridge, credit: The desk}
corrections: [{date: 2025-11-13, text: The clerk was misnamed.}]
---
The bridge is shut [@harbour, "The bridge stays shut until the divers are done"]. The tide is high [@tides], and the ferry runs [@ferry; via @tides].

:::members{teaser="What the owners were told"}
It was read to them [@harbour, "WITHHELDWORDS were read to the owners"; @vault].
:::
`,
  'briefs/w1/bridge.png': png(1200, 600, 3),
  'briefs/w1/owners.md': `---
title: The owners wait
standfirst: A brief about the owners of the boats that wait behind the bridge.
date: 2025-11-12
tags: [owners]
---
They wait [@ferry].
`,
  'briefs/w1/sources.yaml': [
    source(
      'harbour',
      'The Harbour Office',
      `  kind: official\n  url: https://harbour.test/note\n  snapshot: ${hash('a')}`,
    ),
    source(
      'tides',
      'The Tide Table',
      `  kind: dataset\n  url: https://tides.test/\n  snapshot: ${hash('b')}`,
    ),
    source('ferry', 'The Ferry', '  kind: newspaper\n  url: https://ferry.test/'),
    source('vault', 'The Vault', '  kind: newspaper\n  url: https://vault.test/'),
    source('shelf', 'The Shelf', '  kind: reference\n  consulted: true'),
  ].join('\n'),
}

/** Publishes `w1`: two briefs, a quotation in its stored copy, a members' section that quotes the same copy. */
export async function publishQuoted(bed: SiteBed): Promise<Readonly<Record<Tier, Edition>>> {
  const { publication, baseUrl } = bed.deps
  const written = writePublication(files)
  try {
    const loaded = await loadIssue(written.root, 'w1', publication, {
      snapshots: {
        readText: async (wanted) => copies.get(wanted) ?? null,
        capturedAt: async () => '2025-11-10T09:00:00.000Z',
      },
    })
    const template = await loadTemplate(join(import.meta.dirname, '..', '..', 'templates', 'weekly'))
    const { editions } = await buildEditions(loaded, { publication, baseUrl, template })
    const of = (tier: Tier): Edition => {
      const found = editions.find((each) => each.tier === tier)
      if (found === undefined)
        throw new Error(`there is no ${tier} edition: ${JSON.stringify(loaded.findings)}`)
      return found
    }
    const three = { public: of('public'), subscriber: of('subscriber'), member: of('member') }
    await bed.editions.publish(three)
    return three
  } finally {
    written.remove()
  }
}
