import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFailed, onTestFinished } from 'vitest'
import { seeded } from './faults.ts'
import { startSinkProcess, type SinkOptions, type SinkProcess } from './start-sink.ts'

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
  const keyFile = join(folder, 'rsa.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return { folder, sink, keyFile, random: seeded(seed) }
}
