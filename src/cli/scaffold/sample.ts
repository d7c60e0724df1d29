/**
 * The sample issue of a new publication: an invented town, sources that are plainly examples, and one
 * of each thing an editor meets first. Paths are relative to the issue's folder.
 *
 * @param day the issue's date, `2025-11-14`
 */
export function sampleIssue(day: string): Readonly<Record<string, string>> {
  return { 'issue.md': issueText(day), 'footbridge.md': briefText(day), 'sources.yaml': ledgerText(day) }
}

/** The month that lies `months` before `day`: `2025-02`. */
function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 7)
}

function issueText(day: string): string {
  return `---
subject: A footbridge reopens, on the record
preheader: Your first issue, about a town that does not exist. Change it, or delete its folder.
newsletter: weekly
date: ${day}
status: draft # draft, review or approved; only an approved issue can be sent
---

This is the opening note. The brief below it is invented, and so are its sources; each part shows one thing that a
brief can do.
`
}

function briefText(day: string): string {
  return `---
title: The footbridge at Larkwater reopens
standfirst: Nine months of repairs end under budget; the lighting was left for another year.
date: ${day}
authors: [Desk]
tags: [example]
---

## What happened

The footbridge at Larkwater has reopened after nine months of repairs [@gazette; @council-minutes]. The council had set aside
400,000 crowns and spent 372,000, according to its minutes [@council-minutes, p. 4].

@gazette quotes the engineer in charge: “We found less rust than we feared.” [@gazette, "We found less rust than we feared."]

:::figures
- **372,000** crowns spent of 400,000 [@council-minutes, p. 4]
- **1,150** people crossed on the first day [@counter]
:::

## What was left out

Lamps for the eastern stairs were struck from the plan in spring [@council-minutes, p. 7]. The counter on the bridge
recorded 90 crossings after dark on the first day [@counter].

:::timeline
- ${monthsBefore(day, 9)}: The bridge is closed for repairs [@council-minutes].
- ${day}: It reopens [@gazette].
:::

:::members{teaser="What the lighting would have cost, and who asked for it to be cut"}
## The price of the lamps

This section is for members. Everybody else reads its teaser in its place.

The minutes put the lamps at 31,000 crowns, which is more than was saved [@council-minutes, p. 7].
:::

:::note
How to cite: write the id of a source of the ledger in brackets, and the exact words where you have them.
:::
`
}

function ledgerText(day: string): string {
  return `# The ledger: every source that the issue's briefs cite.
- id: gazette
  title: Larkwater footbridge opens to walkers
  publisher: The Larkwater Gazette
  url: https://gazette.example.org/footbridge
  published: ${day}
  accessed: ${day}
  kind: newspaper
  quotes:
    - We found less rust than we feared.

- id: council-minutes
  title: Minutes of the works committee
  publisher: Larkwater Town Council
  access: offline # a document without an address
  published: ${day}
  accessed: ${day}
  kind: official

- id: counter
  title: "[Daily counts of the footbridge]"
  publisher: Larkwater Open Data
  url: https://data.example.org/larkwater/footbridge
  published: ${day}
  accessed: ${day}
  kind: dataset
`
}
