import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const copies = {
  echo: 'In March the council cut 40 posts, after a debate of six hours.\n\n“We had no choice but to close them,” Ines Rook said on the quay.',
  daily: 'The harbour master closed both gates at noon. Nobody was told.',
}

const entry = (id: keyof typeof copies, publisher: string): string => `- id: ${id}
  title: What the ${publisher} wrote
  publisher: ${publisher}
  url: https://${id}.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
  snapshot: sha256:${createHash('sha256').update(copies[id]).digest('hex')}
`

/** What is as it should be is not written: nobody is told of a change that is none. */
async function write(path: string, text: string): Promise<void> {
  const present = await readFile(path, 'utf8').catch(() => null)
  if (present !== text) await writeFile(path, text)
}

/** A draft with something of each kind to mend: the issue `gates`. */
export async function writeGates(dir: string, body = gates): Promise<void> {
  for (const text of Object.values(copies)) {
    const folder = join(dir, 'data/snapshots', createHash('sha256').update(text).digest('hex'))
    await mkdir(folder, { recursive: true })
    await write(join(folder, 'text.txt'), text)
  }
  const folder = join(dir, 'briefs/gates')
  await mkdir(folder, { recursive: true })
  await write(
    join(folder, 'issue.md'),
    `---
subject: The gates of the harbour
preheader: What was seen on the quay, and what was not said of it.
newsletter: weekly
date: 2025-11-14
status: draft
---
`,
  )
  await write(
    join(folder, 'quay.md'),
    `---
title: What the harbour did
standfirst: What was seen on the quay that night, and what the port says about it.
date: 2025-11-10
---

${body}
`,
  )
  await write(
    join(folder, 'sources.yaml'),
    `${entry('daily', 'Harbour Daily')}\n${entry('echo', 'The Echo')}`,
  )
}

export const gates = `The gates closed at noon [@dailly]. The council cut 40 posts in March.

“We had no other choice but to close them,” Ines Rook said [@echo].

The master said that nobody was told yesterday [@daily].

“Nobody ever asked us about the gates,” the walkers’ club said.

See [the log](https://log.example.org/) and [the other one](#).`
