import { systemClock, type Clock } from '../core/clock.ts'
import { newBrief, newIssue, type NewIssue } from '../issue/new-draft.ts'
import { exit, type Context, type ExitCode } from './context.ts'

/** What `onrecord new` was asked for. */
interface NewOptions extends NewIssue {
  readonly kind: 'issue' | 'brief'
  /** The issue that a brief belongs to. */
  readonly issue: string | null
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
  const { root, publication } = context.config()
  const home = { root, ...publication }
  const made =
    options.kind === 'issue' ? newIssue(home, options, clock) : [makeBrief(context, home, options, clock)]
  if (context.options.json) context.print(JSON.stringify({ files: made }, null, 2))
  else for (const path of made) context.print(path)
  return exit.done
}

function makeBrief(
  context: Context,
  home: Parameters<typeof newBrief>[0],
  { title, issue }: NewOptions,
  clock: Clock,
): string {
  const path = newBrief(home, { title, issue: issue ?? '' }, clock)
  const name = path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
  context.note(`If issue.md lists its briefs, add ${name} to “briefs:”.`)
  return path
}
