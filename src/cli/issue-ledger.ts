import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import { loadIssue } from '../issue/load.ts'
import type { Config } from '../config.ts'
import type { Ledger } from '../sources/source.ts'

/** The ledger of an issue and the file that new entries go into. */
export interface IssueLedger {
  /** Every entry of the issue, those of single briefs included. */
  readonly ledger: Ledger
  /** `briefs/<id>/sources.yaml`, or `briefs/<id>.md` for an issue in one file. */
  readonly file: string
  /** Its text, or null where it does not exist yet. */
  readonly text: string | null
  /** What is wrong with the issue's files. */
  readonly findings: readonly Finding[]
}

/**
 * Reads the ledger of an issue.
 * @throws OnrecordError `not-found` without such an issue; `refused` where the file is no UTF-8 text
 */
export async function readIssueLedger(config: Config, id: string): Promise<IssueLedger> {
  const { root, publication } = config
  const { issue, findings, files } = await loadIssue(root, id, publication)
  const folder = `briefs/${id}/sources.yaml`
  const file = files.includes(folder) ? folder : `briefs/${id}.md`
  const text = await readTextFile(root, file)
  return { ledger: issue?.ledger ?? new Map(), file, text, findings }
}

/**
 * The text of a file of the publication, or null where there is none.
 * @throws OnrecordError `refused` where it is no UTF-8, since writing it back would lose bytes
 */
export async function readTextFile(root: string, file: string): Promise<string | null> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(join(root, file))
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return null
    throw new OnrecordError('io', `${file} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new OnrecordError('refused', `${file} is not UTF-8 text; it was left as it is.`, {
      hint: 'save it as UTF-8',
    })
  }
}
