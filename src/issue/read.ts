import type { Brief, IssueFile, Waiver } from '../brief/brief.ts'
import { parseBrief, parseIssueFile, parseSingleFile } from '../brief/parse.ts'
import { collectWaivers, waiversIn } from '../brief/waivers.ts'
import { finding, startOf, type Finding, type Place } from '../core/finding.ts'
import { didYouMean } from '../core/nearest.ts'
import { parseLedger } from '../sources/ledger.ts'
import type { Ledger } from '../sources/source.ts'
import type { PublicationFiles } from './files.ts'
import type { ParseCache } from './parse-cache.ts'

/** The files of one issue, each read as far as it goes. */
export interface IssueParts {
  /** Path of `issue.md` or of the single file. */
  readonly file: string
  readonly issueFile: IssueFile | null
  /** In reading order. */
  readonly briefs: readonly Brief[]
  /** What `sources.yaml` lists; the briefs' own entries are not in it. */
  readonly ledger: Ledger
  readonly waivers: readonly Waiver[]
  /** Whether the issue's own file and every brief could be read. */
  readonly isWhole: boolean
  /** Whether `sources.yaml` could be read, or there is none. */
  readonly isLedgerRead: boolean
  readonly findings: readonly Finding[]
}

/** Far above what an editor writes; `brief/` refuses less, and says so. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024

/** What a brief's file may be called, without `.md`: it becomes an anchor in pages. */
const briefIdPattern = /^[a-zA-Z0-9][a-zA-Z0-9_-]*$/u

/** Reads `briefs/<id>/`: `issue.md`, the briefs that it lists, `sources.yaml`. */
export async function readFolder(
  files: PublicationFiles,
  id: string,
  names: readonly string[],
  parsed: ParseCache,
): Promise<IssueParts> {
  const folder = `briefs/${id}`
  const file = `${folder}/issue.md`
  const findings: Finding[] = []
  const [issueContent, ledgerContent] = await Promise.all([
    readText(files, file, findings),
    readText(files, `${folder}/sources.yaml`, names.includes('sources.yaml') ? findings : null),
  ])
  const issueFile =
    issueContent === null
      ? null
      : keep(
          parsed(file, issueContent, () => parseIssueFile(file, id, issueContent)),
          findings,
        )
  const list = `${folder}/sources.yaml`
  const ledger =
    ledgerContent === null
      ? null
      : keep(
          parsed(list, ledgerContent, () => parseLedger(list, ledgerContent)),
          findings,
        )

  const listed = issueFile?.meta.briefs ?? null
  const ids = listed === null ? briefIds(folder, names, findings) : listedIds(issueFile, names, findings)
  const contents = await Promise.all(ids.map((brief) => readText(files, `${folder}/${brief}.md`, findings)))
  const read = contents.flatMap((content, index) => {
    const path = `${folder}/${ids[index]}.md`
    const brief =
      content === null
        ? null
        : keep(
            parsed(path, content, () => parseBrief(path, content)),
            findings,
          )
    return brief ?? []
  })
  const briefs = listed === null ? inOwnOrder(read) : read
  if (ids.length === 0) {
    findings.push(
      finding('DC801', startOf(file), 'This issue has no brief.', {
        hint: 'write one beside issue.md, or begin with `onrecord new brief <title>`',
      }),
    )
  }
  const ofNote = issueFile === null ? [] : waiversIn(file, issueFile.note)
  const waivers = [...ofNote, ...briefs.flatMap((brief) => collectWaivers(brief))]
  const isWhole = issueFile !== null && briefs.length === (listed?.length ?? names.filter(isBrief).length)
  const isLedgerRead = ledger !== null || !names.includes('sources.yaml')
  return { file, issueFile, briefs, ledger: ledger ?? new Map(), isLedgerRead, waivers, isWhole, findings }
}

/** Reads `briefs/<id>.md`, an issue of one brief. */
export async function readSingle(
  files: PublicationFiles,
  id: string,
  parsed: ParseCache,
): Promise<IssueParts> {
  const file = `briefs/${id}.md`
  const findings: Finding[] = []
  const content = await readText(files, file, findings)
  const single =
    content === null
      ? null
      : keep(
          parsed(file, content, () => parseSingleFile(file, content)),
          findings,
        )
  const briefs = single === null ? [] : [single.brief]
  return {
    file,
    issueFile: single?.issue ?? null,
    briefs,
    ledger: new Map(),
    isLedgerRead: true,
    waivers: briefs.flatMap((brief) => collectWaivers(brief)),
    isWhole: single !== null,
    findings,
  }
}

function keep<T>(
  parsed: { readonly value: T | null; readonly findings: readonly Finding[] },
  findings: Finding[],
): T | null {
  findings.push(...parsed.findings)
  return parsed.value
}

/** Null where there is nothing to parse; `findings` is null where the file may well be missing. */
async function readText(
  files: PublicationFiles,
  file: string,
  findings: Finding[] | null,
): Promise<Uint8Array | null> {
  const read = await files.read(file, MAX_TEXT_BYTES)
  switch (read.kind) {
    case 'bytes':
      return read.bytes
    case 'missing':
      findings?.push(finding('DC815', startOf(file), 'This file is missing.'))
      return null
    case 'outside':
      findings?.push(
        finding('DC815', startOf(file), 'This file is a link that leads out of the publication.', {
          hint: 'copy the file here',
        }),
      )
      return null
    case 'unreadable':
      findings?.push(finding('DC815', startOf(file), `This file ${read.message}.`))
      return null
  }
}

/** The briefs of a folder whose `issue.md` lists none. */
function briefIds(folder: string, names: readonly string[], findings: Finding[]): string[] {
  const ids = names.filter(isBrief).map((name) => name.slice(0, -'.md'.length))
  return ids.filter((id) => {
    if (briefIdPattern.test(id)) return true
    const message = 'The name of a brief’s file must be letters, digits and hyphens, and end with .md.'
    findings.push(finding('DC801', startOf(`${folder}/${id}.md`), message, { hint: 'rename the file' }))
    return false
  })
}

function isBrief(name: string): boolean {
  return name.endsWith('.md') && name !== 'issue.md' && !name.startsWith('.')
}

/** The briefs that `issue.md` lists and that are there. */
function listedIds(issueFile: IssueFile | null, names: readonly string[], findings: Finding[]): string[] {
  const seen = new Set<string>()
  for (const [index, id] of (issueFile?.meta.briefs ?? []).entries()) {
    const place = (): Place => issueFile?.front.at(['briefs', index]) ?? startOf('')
    const known = names.filter((name) => name.endsWith('.md') && name !== 'issue.md')
    if (id === 'issue' || !briefIdPattern.test(id) || !known.includes(`${id}.md`)) {
      const hint =
        didYouMean(
          id,
          known.map((name) => name.slice(0, -'.md'.length)),
        ) ?? `write ${id}.md beside issue.md`
      findings.push(finding('DC801', place(), `There is no brief “${id}” beside issue.md.`, { hint }))
    } else if (seen.has(id)) {
      findings.push(
        finding('DC801', place(), `The brief “${id}” is listed twice.`, { hint: 'remove one of the two' }),
      )
    } else seen.add(id)
  }
  return [...seen]
}

/** By `order`, those without one last, then by name. */
function inOwnOrder(briefs: readonly Brief[]): Brief[] {
  const rank = (brief: Brief): number => brief.meta.order ?? Number.POSITIVE_INFINITY
  return briefs.toSorted((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b)
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
  })
}
