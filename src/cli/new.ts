import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { dayIn } from './scaffold/day.ts'
import { briefDraft, issueDraft, ledgerDraft } from './scaffold/draft.ts'
import { freeName, slugOf } from './scaffold/slug.ts'

/** What `onrecord new` was asked for. */
interface NewOptions {
  readonly kind: 'issue' | 'brief'
  readonly title: string
  /** The issue that a brief belongs to. */
  readonly issue: string | null
  /** Null: the first of onrecord.yaml. */
  readonly newsletter: string | null
  /** A folder under `templates/`; null: the newsletter's. */
  readonly template: string | null
}

/**
 * `onrecord new issue|brief <title>`: a draft with its frontmatter filled in, dated today in the
 * publication's time zone. A name that is taken gets a number; nothing is written over. Prints the paths.
 */
export async function run(
  context: Context,
  options: NewOptions,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const title = options.title.replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim()
  if (title === '')
    throw new OnrecordError('usage', 'The title is empty.', { hint: 'onrecord new issue "Your title"' })
  const made =
    options.kind === 'issue'
      ? newIssue(context, title, options, clock)
      : newBrief(context, title, options, clock)
  if (context.options.json) context.print(JSON.stringify({ files: made }, null, 2))
  else for (const path of made) context.print(path)
  return exit.done
}

function newIssue(context: Context, title: string, options: NewOptions, clock: Clock): string[] {
  const { root, publication } = context.config()
  const known = Object.keys(publication.newsletters)
  const newsletter = options.newsletter ?? known[0] ?? ''
  if (!known.includes(newsletter)) {
    throw new OnrecordError('usage', `onrecord.yaml has no newsletter “${newsletter}”.`, {
      hint: didYouMean(newsletter, known) ?? `it has ${known.join(', ')}`,
    })
  }
  const template = options.template === null ? null : templateIn(root, options.template)
  const day = dayIn(publication.timeZone, clock.now())
  const briefs = join(root, 'briefs')
  const id = freeName(slugOf(title) || `issue-${day}`, (name) => isTaken(briefs, name))
  mkdirSync(join(briefs, id), { recursive: true })
  // A brief's name is only taken by issue.md within its own folder.
  const brief = slugOf(title) === '' || slugOf(title) === 'issue' ? 'brief' : slugOf(title)
  return [
    write(root, ['briefs', id, 'issue.md'], issueDraft(title, { newsletter, template, day })),
    write(root, ['briefs', id, `${brief}.md`], briefDraft(title, day)),
    write(root, ['briefs', id, 'sources.yaml'], ledgerDraft),
  ]
}

function templateIn(root: string, template: string): string {
  const folder = join(root, 'templates')
  const known = existsSync(folder) ? readdirSync(folder).filter((name) => !name.includes('.')) : []
  if (known.includes(template)) return template
  throw new OnrecordError('usage', `There is no template “${template}” under templates/.`, {
    hint: didYouMean(template, known) ?? `there are: ${known.join(', ')}`,
  })
}

function newBrief(context: Context, title: string, options: NewOptions, clock: Clock): string[] {
  const { root, publication } = context.config()
  const issue = options.issue ?? ''
  const folder = issueFolder(root, issue)
  const day = dayIn(publication.timeZone, clock.now())
  const name = freeName(slugOf(title) || `brief-${day}`, (each) => each === 'issue' || isTaken(folder, each))
  const path = write(root, ['briefs', issue, `${name}.md`], briefDraft(title, day))
  context.note(`If issue.md lists its briefs, add ${name} to “briefs:”.`)
  return [path]
}

/** @throws OnrecordError `not-found` or `refused`: the issue is no folder that can take a brief */
function issueFolder(root: string, issue: string): string {
  const briefs = join(root, 'briefs')
  const names = existsSync(briefs) ? readdirSync(briefs) : []
  const folder = join(briefs, issue)
  if (names.includes(issue) && statSync(folder).isDirectory()) return folder
  if (names.includes(`${issue}.md`)) {
    throw new OnrecordError(
      'refused',
      `The issue ${issue} is a single file, which is its own and only brief.`,
      {
        hint: `to add another, make a folder briefs/${issue}/ with an issue.md`,
      },
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
