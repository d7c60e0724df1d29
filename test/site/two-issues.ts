import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Words of what only some may read; each stands in one place alone. */
export const secrets = {
  /** Members: a section of an open brief, what it cites, where that leads, and what is quoted. */
  member: [
    'zirconium',
    'https://leak.example.com/memo',
    'quotable-obsidian',
    'vermilion',
    'https://attic.example.com/deed',
    'A sapphire was a garnet.',
  ],
  /** Subscribers and members: links of the open text, and a brief of theirs. */
  subscriber: ['https://wire.example.com/story', 'https://port.example.com/notice', 'tourmaline'],
} as const

/**
 * A publication of two issues. “story” is cited in both, under another title in the second; “memo” only in a
 * members’ section of the second, and it is the page that the first issue cites openly as “notice”'s sister `deed`
 * is not: so that a place that should not be known would show.
 */
export function writeTwoIssues(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-two-issues-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const issue = (subject: string, date: string, briefs: string, note: string): string => `---
subject: ${subject}
preheader: What the ${subject.toLowerCase().replaceAll(/[^a-z ]/g, '')} says
newsletter: weekly
date: ${date}
status: approved
briefs: [${briefs}]
lang: en
---

${note}
`

const source = (id: string, title: string, url: string, more = ''): string => `- id: ${id}
  title: ${JSON.stringify(title)}
  publisher: The Wire
  url: ${url}
  published: 2025-11-01
  accessed: 2025-11-02
  kind: newspaper
${more}`

const files: Readonly<Record<string, string>> = {
  'briefs/one/issue.md': issue(
    'Harbour <week> & "after"',
    '2025-11-07',
    'quay',
    'Noted before all [@notice].',
  ),
  'briefs/one/quay.md': `---
title: "The quay ]]> & the <crane>"
standfirst: Cranes stood still for a day.
date: 2025-11-06
authors: [Ada Bell]
tags: [harbour]
corrections:
  - date: 2025-11-09
    text: "We wrote <twelve>; it was eleven & a half."
---

## On the quay

The cranes stood still [@story]. They creaked [@story; @notice].

:::members{teaser="What members read"}
The secret metal is zirconium, in the deed [@deed].
:::
`,
  'briefs/one/sources.yaml': [
    source('story', 'Cranes stand still', 'https://wire.example.com/story?utm_source=x'),
    source('notice', 'Notice to mariners', 'https://port.example.com/notice'),
    source('deed', 'A deed', 'https://attic.example.com/deed'),
  ].join('\n'),
  'briefs/two/issue.md': issue('Canal', '2025-11-14', 'lock, vault, attic', 'Nothing to note.'),
  'briefs/two/lock.md': `---
title: The lock
standfirst: A gate was left open.
date: 2025-11-13
authors: [Ada Bell]
tags: [canal]
---

The gate was open, as the cranes were still [@story-again]. 外務省はABC停戦は双方が維持していると述べた [@story-again].

:::members{teaser="What else members read"}
It says “quotable-obsidian” in the memo [@memo, "quotable-obsidian"].
:::
`,
  'briefs/two/vault.md': `---
title: The vault
standfirst: For who is subscribed.
date: 2025-11-13
authors: [Ada Bell]
tags: [canal]
access: subscriber
---

A tourmaline lay in the vault [@story-again].
`,
  'briefs/two/attic.md': `---
title: The attic
standfirst: For members.
date: 2025-11-13
authors: [Ada Bell]
tags: [canal]
access: member
corrections:
  - date: 2025-11-15
    text: A sapphire was a garnet.
---

Vermilion paint in the attic, of which vermilion is the colour [@deed-again].
`,
  'briefs/two/sources.yaml': [
    source('story-again', 'Cranes still, says wire', 'https://www.wire.example.com/story/'),
    source('memo', 'Memo of a member of the board', 'https://leak.example.com/memo'),
    source('deed-again', 'A deed, again', 'https://attic.example.com/deed'),
  ].join('\n'),
}
