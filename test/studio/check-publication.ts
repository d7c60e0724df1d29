import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Example } from '../../src/desk/rule.ts'

const daily = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`

/** Writes an example of a rule as the issue `w1` of a publication: a brief, a ledger and its stored copies. */
export async function writeExample(dir: string, example: Example, end = '\n'): Promise<void> {
  const front = example.front ?? ''
  const key = (name: string, value: string): string =>
    new RegExp(`^${name}:`, 'm').test(front) ? '' : `${name}: ${value}\n`
  const head =
    key('title', 'What the harbour did') +
    key('standfirst', 'What was seen on the quay that night, and what the port says about it.') +
    key('date', '2025-11-10')
  const own = front === '' || front.endsWith('\n') ? front : `${front}\n`
  let ledger = (example.ledger ?? daily).trimStart()
  for (const [id, text] of Object.entries(example.snapshots ?? {})) {
    const hash = createHash('sha256').update(text).digest('hex')
    const folder = join(dir, 'data/snapshots', hash)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'text.txt'), text)
    ledger = ledger.replace(new RegExp(`^- id: ${id}$`, 'm'), `$&\n  snapshot: sha256:${hash}`)
  }
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(join(dir, 'briefs/w1'), { recursive: true })
    await writeFile(join(dir, 'briefs/w1', name), text.replaceAll('\n', end))
  }
  await write(
    'issue.md',
    `---\nsubject: The harbour this week\npreheader: What was seen on the quay, and what was not said of it.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: draft\n---\n`,
  )
  await write('one.md', `---\n${head}${own}---\n\n${example.brief.trim()}\n`)
  await write('sources.yaml', ledger)
}
