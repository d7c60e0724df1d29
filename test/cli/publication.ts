import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contextIn, emptyFolder } from './scaffold-context.ts'

/** A publication with one issue, `w1`, whose ledger and brief are these. */
export function publicationWith(files: Record<string, string>, options: { json?: boolean } = {}) {
  const root = emptyFolder()
  const all: Record<string, string> = {
    'onrecord.yaml': `name: The Harbour Brief
url: https://brief.example.org
from: {name: The Harbour Brief, address: desk@brief.example.org}
postalAddress: 1 Harbour Street
timeZone: Pacific/Auckland
newsletters:
  weekly: {name: Weekly}
`,
    'briefs/w1/issue.md':
      '---\nsubject: The harbour opens\npreheader: What we know of it.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: draft\n---\n',
    'briefs/w1/one.md':
      '---\ntitle: The harbour opens\nstandfirst: It opened.\ndate: 2025-11-14\n---\n\nIt opened.\n',
    ...files,
  }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return { root, context: contextIn(root, options) }
}
