import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleRecipient } from '../../src/email/compile.ts'
import { composeMessage } from '../../src/email/compose.ts'
import { slotMark } from '../../src/render/slots.ts'
import { writeKey } from '../../test/faults/write-key.ts'
import { benchConfig } from './config.ts'
import { benchIssue } from './issue.ts'
import { fillStore } from './people.ts'

/** What the senders are given: the same issue, keys, and stores of any size. In a folder of its own. */
export interface Bed {
  readonly folder: string
  readonly messageSize: number
  /** Files: one message; the two parts, with ADDRESS and LINK where they differ for each person. */
  readonly raw: string
  readonly html: string
  readonly text: string
  /** Private keys in PEM. */
  readonly rsaKey: string
  readonly ed25519Key: string
  /** A new copy of a store of so many people, frozen for nobody yet, beside the issue. */
  store(people: number): Promise<string>
  /** Ends a copy. */
  drop(store: string): void
  close(): void
}

export async function openBed(): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-bench-'))
  const issue = await benchIssue(benchConfig(join(folder, 'data')))
  const edition = issue.editions.subscriber
  const file = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const open = (part: string): string =>
    part
      .replaceAll(slotMark('address'), 'ADDRESS')
      .replaceAll(slotMark('unsubscribeUrl'), 'LINK')
      .replaceAll(slotMark('viewUrl'), 'LINK')
  const issueFile = file('issue.json', JSON.stringify(issue))
  const filled = new Map<number, string>()
  let copies = 0
  return {
    folder,
    messageSize: edition.bytes.message,
    raw: file('raw.eml', await composeMessage(edition, sampleRecipient(edition))),
    html: file('part.html', open(edition.html)),
    text: file('part.txt', open(edition.text)),
    rsaKey: writeKey(folder, 'rsa').file,
    ed25519Key: writeKey(folder, 'ed25519').file,
    async store(people) {
      let original = filled.get(people)
      if (original === undefined) {
        original = join(folder, `filled-${people}`)
        mkdirSync(original)
        cpSync(issueFile, join(original, 'issue.json'))
        await fillStore(benchConfig(original), people)
        filled.set(people, original)
      }
      const copy = join(folder, `copy-${++copies}`)
      cpSync(original, copy, { recursive: true })
      return copy
    },
    drop: (store) => rmSync(store, { recursive: true }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
