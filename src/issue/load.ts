import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Waiver } from '../brief/brief.ts'
import { OnrecordError } from '../core/errors.ts'
import { finding, startOf, type Finding } from '../core/finding.ts'
import { compareIds } from '../core/id-order.ts'
import { didYouMean } from '../core/nearest.ts'
import type { Publication } from '../core/publication.ts'
import { mergeLedgers, parseBriefSources } from '../sources/ledger.ts'
import type { SnapshotTexts } from '../sources/snapshot-texts.ts'
import type { Ledger } from '../sources/source.ts'
import { assemble } from './assemble.ts'
import { openFiles, type PublicationFiles } from './files.ts'
import type { ImageCache } from './image-cache.ts'
import type { Issue } from './issue.ts'
import { checkNames } from './names.ts'
import { checkPlaceholders } from './placeholders.ts'
import { createParseCache, type ParseCache } from './parse-cache.ts'
import { readFolder, readSingle, type IssueParts } from './read.ts'
import { readStoredCopies } from './stored-copies.ts'

/** An issue as far as its files could be read, and what is wrong with them. */
export interface LoadedIssue {
  readonly id: string
  /** Null only where nothing can be shown. While `findings` block, it is fit for a preview alone. */
  readonly issue: Issue | null
  /** What reading found; the desk check adds its own (`checkIssue`). */
  readonly findings: readonly Finding[]
  /** Of the briefs, the opening note and the ledger's entries. */
  readonly waivers: readonly Waiver[]
  /** Whether each of its briefs could be read; where not, what they cite is not known. */
  readonly isWhole: boolean
  /** Whether `sources.yaml` could be read, or there is none. */
  readonly isLedgerRead: boolean
  /** Every file asked for, found or not, relative to the publication: what a watcher must watch. */
  readonly files: readonly string[]
}

/** What an issue may be called: the name of its folder, or of its file without `.md`. */
const issueIdPattern = /^[a-z0-9][a-z0-9-]*$/u

/** The ids of the issues under `briefs/`, in their order: folders with an `issue.md`, and single `.md` files. */
export function listIssues(root: string): string[] {
  const folder = join(root, 'briefs')
  const ids = new Set<string>()
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const single = name.endsWith('.md')
    const id = single ? name.slice(0, -'.md'.length) : name
    if (issueIdPattern.test(id) && (single || existsSync(join(folder, id, 'issue.md')))) ids.add(id)
  }
  return [...ids].sort(compareIds)
}

/**
 * Reads an issue of the publication in `root`. Nothing outside that folder is read, whatever paths
 * and links say, and a malformed file never takes down the others.
 *
 * `imageCache` keeps redrawn images between runs (see `createImageCache`); with `snapshots`, links lead
 * to passages by the words of the stored copies, and reprints are told by them. With `parsed`, files that
 * have not changed since are not parsed again; `files` reads them otherwise than from `root`.
 *
 * @throws OnrecordError not-found, with the nearest id
 */
export async function loadIssue(
  root: string,
  id: string,
  publication: Publication,
  options: {
    readonly imageCache?: ImageCache
    readonly snapshots?: SnapshotTexts
    readonly parsed?: ParseCache
    readonly files?: PublicationFiles
  } = {},
): Promise<LoadedIssue> {
  if (!issueIdPattern.test(id)) throw notFound(root, id)
  const files = options.files ?? (await openFiles(root))
  const names = await files.list(`briefs/${id}`)
  const inFolder = names.includes('issue.md')
  const isSingle = (await files.list('briefs')).includes(`${id}.md`)
  if (!inFolder && !isSingle) throw notFound(root, id)

  const findings: Finding[] = []
  const { parsed = createParseCache() } = options
  const parts = inFolder ? await readFolder(files, id, names, parsed) : await readSingle(files, id, parsed)
  findings.push(...parts.findings, ...checkPlaceholders(parts))
  if (inFolder && isSingle) findings.push(twice(id))

  const { ledger, findings: duplicates } = mergeLedgers([parts.ledger, ...briefLedgers(parts, findings)])
  findings.push(...duplicates)
  if (parts.issueFile !== null) findings.push(...(await checkNames(parts.issueFile, publication, files)))
  const stored = await readStoredCopies(ledger, options.snapshots ?? null)
  const issue = await assemble(
    id,
    parts,
    ledger,
    stored,
    publication,
    files,
    options.imageCache ?? null,
    findings,
  )
  return {
    id,
    issue,
    findings,
    waivers: [...parts.waivers, ...ledgerWaivers(ledger)],
    isWhole: parts.isWhole,
    isLedgerRead: parts.isLedgerRead,
    files: [...files.asked].sort(),
  }
}

function briefLedgers(parts: IssueParts, findings: Finding[]): Ledger[] {
  return parts.briefs.map((brief) => {
    const parsed = parseBriefSources(brief)
    findings.push(...parsed.findings)
    return parsed.value ?? new Map()
  })
}

function ledgerWaivers(ledger: Ledger): Waiver[] {
  return [...ledger.values()].flatMap((source) =>
    source.waivers.map(({ rule, reason }) => ({
      rule,
      on: source.id,
      reason,
      place: source.place,
      covers: { fromLine: source.place.line, toLine: source.place.endLine },
    })),
  )
}

function twice(id: string): Finding {
  return finding(
    'DC801',
    startOf(`briefs/${id}.md`),
    `There is also a folder “${id}”, which is what is read.`,
    {
      hint: 'rename one of the two',
    },
  )
}

function notFound(root: string, id: string): OnrecordError {
  const known = listIssues(root)
  if (known.includes(id))
    return new OnrecordError('not-found', `briefs/${id} leads out of the publication, and is not read.`, {
      hint: 'copy its files there in place of the link',
    })
  const hint =
    didYouMean(id, known) ?? (known.length > 0 ? `there are: ${known.join(', ')}` : 'see `onrecord new`')
  return new OnrecordError('not-found', `There is no issue “${id}” under briefs/.`, { hint })
}
