/** Takes the snapshots of `test/fixtures/harbour/` anew and writes their hashes into its ledger. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseLedger } from '../src/sources/ledger.ts'
import { takeSnapshot, type SnapshotOrigin } from '../src/sources/snapshot.ts'
import { harbour, serveHarbour, takenAt } from '../test/sources/harbour.ts'

const path = join(harbour, 'briefs', '2026-w10', 'sources.yaml')
const pages = await serveHarbour('then')
try {
  let yaml = await readFile(path, 'utf8')
  await rm(join(harbour, 'snapshots'), { recursive: true, force: true })
  for (const source of parseLedger('sources.yaml', yaml).value?.values() ?? []) {
    const origin: SnapshotOrigin =
      source.url === null
        ? {
            kind: 'file',
            path: join(harbour, 'documents', 'memo-of-the-engineer.txt'),
            clock: { now: () => takenAt },
          }
        : { kind: 'web', url: source.url, fetcher: pages.fetcher }
    const taken = await takeSnapshot(join(harbour, 'snapshots'), origin)
    if (taken.kind !== 'snapshot') throw new Error(`${source.id}: ${taken.message}`)
    if (source.snapshot !== null) yaml = replaceWithin(yaml, source.id, source.snapshot, taken.hash)
    console.log(source.id, taken.hash)
  }
  await writeFile(path, yaml)
} finally {
  await pages.close()
}

function replaceWithin(yaml: string, id: string, old: string, hash: string): string {
  const at = yaml.indexOf(`- id: ${id}\n`)
  return yaml.slice(0, at) + yaml.slice(at).replace(old, hash)
}
