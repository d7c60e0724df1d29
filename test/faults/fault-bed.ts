import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import { seeded } from './faults.ts'
import { startSinkProcess, type SinkOptions, type SinkProcess } from './start-sink.ts'
import { writeKey } from './write-key.ts'

/** What a fault test works with; all of it ends with the test. */
export interface FaultBed {
  readonly folder: string
  readonly sink: SinkProcess
  /** An RSA key in PEM. */
  readonly keyFile: string
  /** From 0 to 1; the seed is named when the test fails. */
  readonly random: () => number
}

export async function openFaultBed(options: SinkOptions = {}): Promise<FaultBed> {
  const seed = Number(process.env['FC_SEED'] ?? 20251114)
  onTestFailed(() => void process.stderr.write(`seed: FC_SEED=${seed}\n`))
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-fault-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const sink = await startSinkProcess({ ...options, seed })
  onTestFinished(() => sink.close())
  return { folder, sink, keyFile: writeKey(folder, 'rsa').file, random: seeded(seed) }
}
