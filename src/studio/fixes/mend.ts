import type { Brief } from '../../brief/brief.ts'
import type { Finding } from '../../core/finding.ts'
import type { CheckedIssue } from '../../desk/checked-issue.ts'
import { readBrief, readNote, type DeskText } from '../../desk/desk-text.ts'
import { snapshotText, type SnapshotText } from '../../desk/snapshot-text.ts'
import type { PublicationFiles } from '../../issue/files.ts'
import type { SnapshotTexts } from '../../sources/snapshot-texts.ts'
import type { Fix, Mended, NotMended } from '../contract/fix.ts'
import { decodeDraft, encodeDraft } from '../draft-text.ts'
import type { ShownFinding } from '../preview.ts'
import { versionOf } from '../save-draft.ts'
import type { FixWorld } from './fix.ts'
import { changeOf, proposalsFor, shownFix } from './propose.ts'

export interface MenderOptions {
  /** The issue as its files are, or as `files` has them. */
  load(files?: PublicationFiles): Promise<CheckedIssue>
  check(loaded: CheckedIssue): Promise<readonly Finding[]>
  readonly files: PublicationFiles
  readonly snapshots: SnapshotTexts | null
  readonly today: string
  /** Stored copies made ready, by their hash: they never change. */
  readonly prepared: Map<string, SnapshotText>
}

const LARGEST_FILE = 1024 * 1024

/** Finds what mends the findings of one issue, and does it. */
export function createMender(options: MenderOptions) {
  return {
    /** Of each finding in turn; none of one whose line is another by now. */
    async fixes(findings: readonly ShownFinding[]): Promise<readonly (readonly Fix[])[]> {
      const world = await openWorld(options, findings)
      return findings.map((each) =>
        isThere(each, world)
          ? proposalsFor(each, world).flatMap((proposal) => shownFix(proposal, world) ?? [])
          : [],
      )
    },

    /** The fix of a finding, tried: it takes its finding away and brings no error. */
    async mend(finding: ShownFinding, fix: string, answer: string): Promise<Mended | NotMended> {
      const world = await openWorld(options, [finding])
      if (!isThere(finding, world)) return { problem: 'The text has changed since it was checked.' }
      const proposal = proposalsFor(finding, world).find(({ id }) => id === fix)
      const path = proposal?.file ?? ''
      const version = world.versions.get(path)
      const after = proposal?.write(answer) ?? null
      if (proposal === undefined || version === undefined || after === null) {
        return {
          problem:
            proposal === undefined || proposal.asks === null
              ? 'This cannot be done here any more.'
              : WRONG_ANSWER[proposal.asks],
        }
      }
      const overlaid = overlay(options.files, path, encodeDraft(after, version.bytes))
      const problem = await trouble(finding, world.checked, await options.load(overlaid), options.check)
      if (problem !== null) return { problem }
      return {
        path,
        hash: version.hash,
        before: version.text,
        after,
        change: changeOf(path, version.text, after),
      }
    },
  }
}

const WRONG_ANSWER: Readonly<Record<NonNullable<Fix['asks']>, string>> = {
  reason: 'Give a reason, which readers get to see. It cannot hold “-->”.',
  source: 'Choose a source of the ledger.',
  description: 'Say what the image shows.',
  title: 'Write its title.',
}

/** What stands against a fix: that its finding is still there, or an error that was not; null: nothing. */
async function trouble(
  finding: Finding,
  before: CheckedIssue,
  after: CheckedIssue,
  check: MenderOptions['check'],
): Promise<string | null> {
  const was = await check(before)
  const is = await check(after)
  const open = (each: Finding): boolean => each.waived === null
  const count = (all: readonly Finding[], like: (each: Finding) => string, name: string): number =>
    all.filter((each) => open(each) && like(each) === name).length
  const name = nameOf(finding)
  const had = count(was, nameOf, name)
  if (had > 0 && count(is, nameOf, name) >= had) return 'This would not mend it.'
  const error = is.find(
    (each) =>
      open(each) &&
      each.severity === 'error' &&
      count(is, kindOf, kindOf(each)) > count(was, kindOf, kindOf(each)) &&
      count(is, nameOf, nameOf(each)) > count(was, nameOf, nameOf(each)),
  )
  return error === undefined ? null : `This would bring another error: ${error.message}`
}

/** Lines shift; words do not. */
function nameOf({ rule, file, message }: Finding): string {
  return `${rule} ${file} ${message}`
}

/** A rule that judges a whole text says another thing when there is less to mend: “4 of 6” after “cites no source”. */
function kindOf({ rule, file }: Finding): string {
  return `${rule} ${file}`
}

interface Version {
  readonly text: string
  readonly hash: string
  readonly bytes: Uint8Array
}

interface OpenWorld extends FixWorld {
  readonly versions: ReadonlyMap<string, Version>
}

/** Whether the line that a finding names is still the one it was found in. */
function isThere({ file, line, sourceLine }: ShownFinding, world: FixWorld): boolean {
  const now = world.text(file)?.split('\n')[line - 1]
  return now !== undefined && (sourceLine === null || now === sourceLine.replace(/^\uFEFF/u, ''))
}

async function openWorld(options: MenderOptions, findings: readonly Finding[]): Promise<OpenWorld> {
  const { files, snapshots, prepared, today } = options
  const checked = await options.load()
  const versions = new Map<string, Version>()
  for (const file of new Set(findings.map((each) => each.file))) {
    const read = await files.read(file, LARGEST_FILE)
    if (read.kind !== 'bytes') continue
    try {
      const { text } = decodeDraft(file, read.bytes)
      versions.set(file, { text, hash: versionOf(read.bytes), bytes: read.bytes })
    } catch {
      // What is no text is not mended here.
    }
  }
  const sources = [...(checked.issue?.ledger.values() ?? [])]
  for (const hash of new Set(sources.flatMap(({ snapshot }) => snapshot ?? []))) {
    if (prepared.has(hash)) continue
    const text = (await snapshots?.readText(hash)) ?? null
    if (text !== null) prepared.set(hash, snapshotText(hash, text))
  }
  return {
    checked,
    versions,
    today,
    text: (file) => versions.get(file)?.text ?? null,
    desk: deskTexts(checked),
    snapshot: ({ snapshot }) => (snapshot === null ? null : (prepared.get(snapshot) ?? null)),
  }
}

function deskTexts({ issue }: CheckedIssue): FixWorld['desk'] {
  const nameOf = (id: string): string => issue?.ledger.get(id)?.publisher ?? id
  const made = new Map<string, DeskText | null>()
  const make = (file: string): DeskText | null => {
    const brief: Brief | undefined = issue?.briefs.find((each) => each.file === file)
    if (brief !== undefined) return readBrief(brief, nameOf)
    return issue?.file === file ? readNote(file, issue.note, nameOf) : null
  }
  return (file) => {
    const known = made.get(file)
    if (known !== undefined) return known
    const text = make(file)
    made.set(file, text)
    return text
  }
}

/** The files, one of them with other bytes. */
function overlay(files: PublicationFiles, path: string, bytes: Uint8Array): PublicationFiles {
  return {
    asked: files.asked,
    list: (folder) => files.list(folder),
    read: async (file, most) => (file === path ? { kind: 'bytes', bytes } : await files.read(file, most)),
  }
}
