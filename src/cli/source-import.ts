import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { messageOf, OnrecordError } from '../core/errors.ts'
import { blocks, finding, formatFinding, inOrder, startOf } from '../core/finding.ts'
import { readBibtex } from '../sources/bibtex.ts'
import { readCslJson } from '../sources/csl-json.ts'
import { planImport, type Imported } from '../sources/imported.ts'
import { replaceFile } from '../sources/replace-file.ts'
import { appendEntries } from '../sources/write-ledger.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readIssueLedger } from './issue-ledger.ts'

interface ImportCommand {
  readonly file: string
  readonly issue: string
  readonly format: string | null
  readonly dryRun: boolean
}

/** Far above any library of references, far below what fills the memory. */
const MOST_BYTES = 50_000_000

/** `onrecord source import <file>`: adds what can be read; exit 1 where a record could not. */
export async function run(context: Context, options: ImportCommand): Promise<ExitCode> {
  const config = context.config()
  const { ledger, file, text } = await readIssueLedger(config, options.issue)
  const { added, unchanged, findings } = planImport(await readRecords(context, options), ledger)
  const now = appendEntries(
    file,
    text ?? '',
    added.map(({ entry }) => entry),
  )
  if (!options.dryRun && added.length > 0) await replaceFile(config.root, file, text, now)
  const refused = inOrder(findings)
  if (context.options.json) {
    const result = {
      issue: options.issue,
      file,
      added: added.map(({ key, entry }) => ({ key, id: entry.id, title: entry.title })),
      unchanged,
      findings: refused,
    }
    context.print(JSON.stringify([result], null, 2))
    return blocks(refused) ? exit.refused : exit.done
  }
  for (const each of refused) {
    context.print(`${formatFinding(each)}${each.hint === null ? '' : `\n    → ${each.hint}`}`)
  }
  for (const { key, entry } of added) {
    context.print(`[@${entry.id}]  ${entry.title}${key === null || key === entry.id ? '' : `  (was ${key})`}`)
  }
  const verb = options.dryRun ? 'would be added' : 'added'
  context.print(
    `${file}: ${added.length} ${verb}, ${unchanged.length} there already, ${countErrors(refused)} not read`,
  )
  return blocks(refused) ? exit.refused : exit.done
}

async function readRecords(context: Context, options: ImportCommand): Promise<Imported> {
  const name = basename(options.file)
  let bytes: Uint8Array
  try {
    bytes = await readFile(resolve(context.cwd, options.file))
  } catch (error) {
    throw new OnrecordError('not-found', `${options.file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    })
  }
  const unreadable = (message: string): Imported => ({
    records: [],
    findings: [finding('DC815', startOf(name), message)],
  })
  if (bytes.length > MOST_BYTES) return unreadable('This file is larger than 50 MB.')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return unreadable('This file is not UTF-8 text.')
  }
  const isJson =
    options.format === null ? /\.json$/iu.test(name) || /^\s*[[{]/u.test(text) : options.format === 'csl-json'
  return isJson ? readCslJson(name, text) : readBibtex(name, text)
}

function countErrors(findings: readonly { readonly severity: string }[]): number {
  return findings.filter(({ severity }) => severity === 'error').length
}
