import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seeded } from '../../test/faults/faults.ts'
import {
  fill,
  finish,
  resend,
  sendAndKill,
  standing,
  type KillRun,
  type Standing,
} from '../../test/faults/kill-run.ts'
import { startSinkProcess } from '../../test/faults/start-sink.ts'
import { writeKey } from '../../test/faults/write-key.ts'
import type { Part, Row } from './part.ts'

const CONNECTIONS = 5

/** The sender is killed again and again; the server counts by Message-ID. */
export async function killPart(
  part: Part,
  options: { readonly people: number; readonly signed: boolean },
): Promise<Row[]> {
  const { people, signed } = options
  const { kills } = part
  const folder = join(part.folder, `kill-${signed ? 'signed' : 'plain'}`)
  mkdirSync(folder)
  const keyFile = signed ? writeKey(folder, 'rsa').file : null
  const sink = await startSinkProcess({ thinking: 1 })
  const run: KillRun = { folder, sink, people, connections: CONNECTIONS, keyFile, random: seeded(part.seed) }
  try {
    await fill(run)
    await sendAndKill(
      run,
      kills,
      (kill) => void sink.count().then((n) => part.say(`kill ${kill} of ${kills}, ${n} taken`)),
    )
    await finish(run)
    const held = await standing(run)
    await resend(run)
    await finish(run)
    const again = await standing(run)
    const name = `kill -9 at ${kills} random moments of ${people.toLocaleString('en')} messages${signed ? ', signed with RSA-2048' : ''}`
    const most = CONNECTIONS * kills
    return [
      {
        what: `${name}; hold`,
        bar: `lost 0, duplicates 0, unknown ≤ ${most}, each listed`,
        found: `${words(held)}, ${held.unknown} unknown (${held.unknownTaken} of them taken)`,
        held: isWhole(held, people) && held.duplicates === 0 && held.unknown <= most,
      },
      {
        what: 'the same, then resend',
        bar: `lost 0, duplicates ≤ ${held.unknown}`,
        found: `${words(again)}, ${again.unknown} unknown`,
        held: isWhole(again, people) && again.duplicates <= held.unknown && again.unknown === 0,
      },
    ]
  } finally {
    await sink.close()
  }
}

function words({ lost, duplicates }: Standing): string {
  return `lost ${lost}, duplicates ${duplicates}`
}

function isWhole({ people, lost, accepted, unknown }: Standing, all: number): boolean {
  return people === all && lost === 0 && accepted + unknown === all
}
