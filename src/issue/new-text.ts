import { placeholders } from '../brief/placeholders.ts'
import { shorten } from './slug.ts'

/** Subjects are cut off by phones after about this many characters. */
const LONGEST_SUBJECT = 60

/** `issue.md` of a new issue. */
export function issueDraft(
  title: string,
  { newsletter, template, day }: { newsletter: string; template: string | null; day: string },
): string {
  return `---
subject: ${quoted(shorten(title, LONGEST_SUBJECT))}
preheader: ${placeholders.preheader}
newsletter: ${quoted(newsletter)}
${template === null ? '' : `template: ${quoted(template)}\n`}date: ${day}
status: draft
---
`
}

/** A new brief: frontmatter filled in, and a body to write over. */
export function briefDraft(title: string, day: string): string {
  return `---
title: ${quoted(title)}
standfirst: ${placeholders.standfirst}
date: ${day}
authors: [Desk]
tags: []
access: public
---

## What happened

${placeholders.body}
`
}

/** An empty ledger that shows the shape of an entry. */
export const ledgerDraft = `# The ledger: every source that the issue's briefs cite, each like this:
#
# - id: gazette
#   title: Larkwater footbridge opens to walkers
#   publisher: The Larkwater Gazette
#   url: https://gazette.example.org/footbridge
#   published: 2025-11-14
#   accessed: 2025-11-15
#   kind: newspaper
#   quotes:
#     - We found less rust than we feared.
`

/** JSON's strings are YAML's double-quoted ones. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
