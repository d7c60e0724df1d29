import { openApp } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import type { ImportRow } from '../../src/subscribers/merge.ts'

const CHUNK = 5_000
/** A usual mixture: nobody’s list is at one provider. */
const hosts = ['mail.example', 'post.example', 'letters.test', 'inbox.example', 'harbour.test']

/** A store with `count` people who have confirmed, every fifth of them a member. */
export async function fillStore(config: Config, count: number): Promise<void> {
  const app = await openApp(config)
  const importing = app.subscribers.startImport({ dryRun: false })
  for (let from = 0; from < count; from += CHUNK) {
    const length = Math.min(CHUNK, count - from)
    await importing.write(Array.from({ length }, (_, index) => person(from + index)))
  }
  await importing.close()
  await app.close()
}

function person(index: number): ImportRow {
  const parsed = parseAddress(`reader.${index}@${hosts[index % hosts.length]}`)
  if (!parsed.ok) throw new Error(parsed.reason)
  return {
    line: index + 2,
    address: parsed.value,
    newsletter: 'weekly',
    name: `Reader ${index}`,
    tier: index % 5 === 4 ? 'member' : 'subscriber',
    state: 'confirmed',
    consentAt: null,
    consentSource: 'bench',
  }
}
