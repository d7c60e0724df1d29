// Verifies the DKIM signatures of every so-many-th file of a folder with npm’s mailauth: `<folder> <of> <at> <records>`.
// Prints a `Verified`.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import type { Verified } from './signatures.ts'

const [folder = '', of = '1', at = '0', recordsFile = ''] = process.argv.slice(2)
const records = JSON.parse(readFileSync(recordsFile, 'utf8')) as Record<string, string>
const messageIds: string[] = []
const others: Record<string, readonly string[]> = {}
let passed = 0
for (const [index, name] of readdirSync(folder).toSorted().entries()) {
  if (index % Number(of) !== Number(at)) continue
  // A Maildir keeps LF; the wire had CRLF.
  const raw = readFileSync(join(folder, name), 'latin1').replace(/\r?\n/g, '\r\n')
  messageIds.push(/^Message-ID:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? '')
  const { results } = await dkimVerify(Buffer.from(raw, 'latin1'), {
    resolver: async (host: string) => [[records[host] ?? '']],
  })
  const said = results.map(({ status }) => status.result)
  if (said.length === Object.keys(records).length && said.every((each) => each === 'pass')) passed++
  else others[name] = said
}
process.stdout.write(JSON.stringify({ passed, others, messageIds } satisfies Verified))
