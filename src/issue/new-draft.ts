import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { placeholders } from '../brief/placeholders.ts'
import type { Clock } from '../core/clock.ts'
import { dayIn } from '../core/day.ts'
import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { briefDraft, issueDraft, ledgerDraft } from './new-text.ts'
import { freeName, slugOf } from './slug.ts'

/** What a new draft needs to know of its publication. */
export interface DraftHome {
  /** The publication's folder. */
  readonly root: string
  readonly timeZone: string
  /** By their keys, in the order of onrecord.yaml. */
  readonly newsletters: Readonly<Record<string, unknown>>
}

export interface NewIssue {
  readonly title: string
  /** Null: the first of onrecord.yaml. */
  readonly newsletter: string | null
  /** A folder under `templates/`; null: the newsletter's. */
  readonly template: string | null
}

/**
 * Makes an issue of one brief with an empty ledger, dated today in the publication's time zone. A name that is taken
 * gets a number; nothing is written over.
 *
 * @returns the paths that were made, relative to the publication: the issue's own file first, then the brief
 * @throws OnrecordError `usage`: no title, no such newsletter or template
 */
export function newIssue(home: DraftHome, wanted: NewIssue, clock: Clock): readonly string[] {
  const title = titleOf(wanted.title)
  const newsletter = newsletterIn(home, wanted.newsletter)
  const template = wanted.template === null ? null : templateIn(home.root, wanted.template)
  const day = dayIn(home.timeZone, clock.now())
  const id = freeName(slugOf(title) || `issue-${day}`, (name) => isIssue(home.root, name))
  return writeIssue(home.root, { id, title, newsletter, template, day })
}

/** Writes the files of a draft, whose name is free. Its only brief asks for a headline of its own: the title is the subject. */
export function writeIssue(
  root: string,
  draft: {
    readonly id: string
    readonly title: string
    readonly newsletter: string
    readonly template: string | null
    readonly day: string
  },
): readonly string[] {
  const { id, title, newsletter, template, day } = draft
  mkdirSync(join(root, 'briefs', id), { recursive: true })
  return [
    write(root, ['briefs', id, 'issue.md'], issueDraft(title, { newsletter, template, day })),
    write(root, ['briefs', id, 'brief.md'], briefDraft(placeholders.title, day)),
    write(root, ['briefs', id, 'sources.yaml'], ledgerDraft),
  ]
}

/** @throws OnrecordError `usage`: onrecord.yaml has no such newsletter */
export function newsletterIn({ newsletters }: Pick<DraftHome, 'newsletters'>, wanted: string | null): string {
  const known = Object.keys(newsletters)
  const newsletter = wanted ?? known[0] ?? ''
  if (known.includes(newsletter)) return newsletter
  throw new OnrecordError('usage', `onrecord.yaml has no newsletter “${newsletter}”.`, {
    hint: didYouMean(newsletter, known) ?? `it has ${known.join(', ')}`,
  })
}

/** Whether an issue of that name is under `briefs/`. */
export function isIssue(root: string, id: string): boolean {
  return isTaken(join(root, 'briefs'), id)
}

/**
 * Makes a brief in the folder of an issue, as `newIssue` does. Where issue.md lists its briefs, the new one is not
 * among them yet.
 *
 * @returns its path, relative to the publication
 * @throws OnrecordError `usage`, `not-found`, or `refused`: the issue is a single file
 */
export function newBrief(
  home: DraftHome,
  wanted: { readonly title: string; readonly issue: string },
  clock: Clock,
): string {
  const title = titleOf(wanted.title)
  const folder = issueFolder(home.root, wanted.issue)
  const day = dayIn(home.timeZone, clock.now())
  const name = freeName(slugOf(title) || `brief-${day}`, (each) => each === 'issue' || isTaken(folder, each))
  return write(home.root, ['briefs', wanted.issue, `${name}.md`], briefDraft(title, day))
}

function titleOf(wanted: string): string {
  const title = wanted.replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim()
  if (title !== '') return title
  throw new OnrecordError('usage', 'The title is empty.', { hint: 'Say in a few words what it is about.' })
}

function templateIn(root: string, template: string): string {
  const folder = join(root, 'templates')
  const known = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes('.')) : []
  if (known.includes(template)) return template
  throw new OnrecordError('usage', `There is no template “${template}” under templates/.`, {
    hint: didYouMean(template, known) ?? `there are: ${known.join(', ')}`,
  })
}

function issueFolder(root: string, issue: string): string {
  const briefs = join(root, 'briefs')
  const names = existsSync(briefs) ? readdirSync(briefs) : []
  const folder = join(briefs, issue)
  if (names.includes(issue) && statSync(folder).isDirectory()) {
    if (realpathSync(folder).startsWith(join(realpathSync(root), 'briefs') + sep)) return folder
    throw new OnrecordError('refused', `briefs/${issue} is a link that leads out of briefs/.`, {
      hint: 'Copy the folder there.',
    })
  }
  if (names.includes(`${issue}.md`)) {
    throw new OnrecordError(
      'refused',
      `The issue ${issue} is a single file, which is its own and only brief.`,
      { hint: `to add another, make a folder briefs/${issue}/ with an issue.md` },
    )
  }
  const issues = names.map((name) => name.replace(/\.md$/, ''))
  throw new OnrecordError('not-found', `There is no issue “${issue}” under briefs/.`, {
    hint: didYouMean(issue, issues) ?? 'onrecord new issue "Your title" makes one',
  })
}

function isTaken(folder: string, name: string): boolean {
  return existsSync(join(folder, name)) || existsSync(join(folder, `${name}.md`))
}

/** Writes a file that does not exist yet, and gives its path relative to the publication. */
function write(root: string, steps: readonly string[], text: string): string {
  writeFileSync(join(root, ...steps), text, { flag: 'wx' })
  return steps.join('/')
}
