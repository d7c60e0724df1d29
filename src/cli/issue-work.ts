import type { IssueMeta } from '../brief/brief.ts'
import { OnrecordError } from '../core/errors.ts'
import type { Finding } from '../core/finding.ts'
import type { IssuePart } from '../core/issue-part.ts'
import type { Tier } from '../core/tier.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { checkForm } from '../desk/desk.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { stopsPreview } from '../desk/stops-preview.ts'
import { buildEdition } from '../email/build.ts'
import { compareEditions } from '../email/compare/compare.ts'
import type { Edition } from '../email/edition.ts'
import { project } from '../issue/project.ts'
import { sourceChecks, type SourceCheck } from '../issue/source-checks.ts'
import { positionMarks, withAttributes } from '../render/position-marks.ts'
import { linkKey } from '../sources/link-key.ts'
import type { Issue } from '../issue/issue.ts'
import type { ComparedVersions } from '../studio/approvals.ts'
import type { TextPlace } from '../studio/contract/finding.ts'
import { readTextFile } from './issue-ledger.ts'
import { keepRendered } from './keep-rendered.ts'
import { readIssue, renderIssue, tryIssue, type IssueSettings } from './ready-issue.ts'

/** What deciding about an issue takes of its files as they are now. */
export interface IssueContents {
  /** Its own file, which holds `status:`. */
  readonly file: string
  readonly written: IssueMeta['status']
  readonly newsletter: string
  /** What an approval of it is bound to. */
  readonly parts: readonly IssuePart[]
  /** Its cited sources by their numbers. */
  readonly checks: readonly SourceCheck[]
}

/** An issue as its files are now, whatever its state. */
export interface BuiltIssue {
  /** Null where its files cannot be read as an issue. */
  readonly read: IssueContents | null
  /** Null: `blocking` says why. */
  readonly ready: ReadyIssue | null
  readonly blocking: readonly Finding[]
}

/** One side of a comparison: an edition that was kept, or an issue as it is now to readers of a tier. */
export type ComparedSide = { readonly edition: Edition } | { readonly issue: string; readonly tier: Tier }

/** What takes a while to find out about an issue: plain data in and out, so that a thread can do it. */
export interface IssueWork {
  /** Null where its files cannot be read as an issue. @throws OnrecordError `not-found`, `config` */
  read(issue: string): Promise<IssueContents | null>
  /** Checks and renders it, too. @throws as `read` */
  build(issue: string): Promise<BuiltIssue>
  /** What a reader would see changed. @throws OnrecordError `not-found` where an issue cannot be rendered */
  compare(before: ComparedSide, after: ComparedSide): Promise<ComparedVersions>
}

/** Does it at once; what has not changed is not rendered twice. @param settingsNow what holds at each question */
export function issueWork(settingsNow: () => IssueSettings): IssueWork {
  const render = keepRendered(renderIssue)
  return {
    async read(id) {
      return contentsOf(await readIssue(settingsNow(), id))
    },
    async build(id) {
      const settings = settingsNow()
      const atHand = await readIssue(settings, id)
      return { read: contentsOf(atHand), ...(await tryIssue(settings, atHand, render)) }
    },
    async compare(before, after) {
      const settings = settingsNow()
      const [was, is] = [await shown(settings, before), await shown(settings, after)]
      // Marks of the earlier side would name files of another list.
      const [from, to] = [was.edition ?? notRendered(before, was), is.edition ?? notRendered(after, is)]
      const { files, places } = is
      return { ...compareEditions(from, { ...to, html: is.marked }, linkKey), files, places }
    },
  }
}

function contentsOf({ content }: Awaited<ReturnType<typeof readIssue>>): IssueContents | null {
  if (content === null) return null
  const { issue, parts } = content
  const { file, meta } = issue
  return { file, written: meta.status, newsletter: meta.newsletter, parts, checks: sourceChecks(issue) }
}

/** An edition, and its HTML with the places that its blocks come from. */
interface Shown {
  /** Null: it cannot be rendered. */
  readonly edition: Edition | null
  /** The first thing that keeps it from being rendered. */
  readonly why: Finding | null
  readonly marked: string
  /** What the numbers of files in the marks stand for. */
  readonly files: readonly string[]
  readonly places: ComparedVersions['places']
}

async function shown(settings: IssueSettings, side: ComparedSide): Promise<Shown> {
  if ('edition' in side)
    return { edition: side.edition, why: null, marked: side.edition.html, files: [], places: {} }
  const { publication, baseUrl } = settings
  const { loaded, content } = await readIssue(settings, side.issue)
  // What is left of a broken draft is not what anybody would read.
  const why = checkForm(loaded, publication).find(stopsPreview) ?? null
  if (content === null || why !== null) return { edition: null, why, marked: '', files: [], places: {} }
  const { issue, template } = content
  const marks = positionMarks(issue)
  const projected = project(issue, side.tier, { ...loaded, claims: keyClaims(issue) })
  const { edition, marked } = await buildEdition(projected, { publication, baseUrl, template, marks })
  const places = await placesOf(settings.root, issue)
  return { edition, why, marked: withAttributes(marked), files: marks.files, places }
}

/** Where what is not in the mail's body is written. */
async function placesOf(root: string, { file, ledger }: Issue): Promise<ComparedVersions['places']> {
  const lines = ((await readTextFile(root, file)) ?? '').split('\n')
  const front = ['subject', 'preheader'].map((key): [string, TextPlace] => {
    const at = lines.findIndex((line) => line.startsWith(`${key}:`))
    return [key, { file, line: Math.max(0, at) + 1, column: 1 }]
  })
  const sources = [...ledger].map(([id, { place }]): [string, TextPlace] => [
    `source:${id}`,
    { file: place.file, line: place.line, column: place.column },
  ])
  return Object.fromEntries([...front, ...sources])
}

function notRendered(side: ComparedSide, { why }: Shown): never {
  const id = 'issue' in side ? side.issue : side.edition.issue
  const because = why === null ? '.' : `: ${why.file}:${why.line}: ${why.message}`
  throw new OnrecordError('not-found', `${id} cannot be rendered as it is${because}`, {
    hint: `“onrecord check ${id}” says more`,
  })
}
