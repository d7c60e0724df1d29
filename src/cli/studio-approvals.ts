import { setStatus } from '../brief/set-status.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { IssueMeta } from '../brief/brief.ts'
import type { App } from '../app.ts'
import type { IssuePart } from '../core/issue-part.ts'
import { partChanges, partsHash, standingOf, tickOf, type SeenEditions } from '../delivery/approval.ts'
import { freezeImages } from '../delivery/freeze-images.ts'
import { replaceFile } from '../sources/replace-file.ts'
import type { Approvals, IssueApproval, NewStep, NewTick } from '../studio/approvals.ts'
import { readTextFile } from './issue-ledger.ts'
import { openVersions } from './issue-versions.ts'
import { issueWork, type BuiltIssue, type IssueContents, type IssueWork } from './issue-work.ts'
import { changeText, stepText, standingText } from './not-approved.ts'
import { blocked } from './ready-issue.ts'

/** What approving takes of an app. */
export type ApprovingApp = Pick<App, 'config' | 'approvals' | 'editions' | 'deliveries' | 'imagesDir'>

/** The longest name of an approver, and the longest note. */
const LONGEST_NAME = 100
const LONGEST_NOTE = 2_000

/** So many states that somebody looked at are known by their parts, to say what changed since. */
const MOST_SEEN = 200

/** Approvals of the publication of `app`, by its files and its store. */
export function openApprovalDesk(
  app: ApprovingApp,
  work: IssueWork = issueWork(() => app.config),
): Approvals {
  const { config, approvals } = app
  const { root } = config
  const shown = new Map<string, readonly IssuePart[]>()
  /** Steps are taken one after the other: of two at a time, the second has not seen the first. */
  let last: Promise<unknown> = Promise.resolve()

  const describe = async (
    issue: string,
    contents: IssueContents | null,
    statusNotWritten: string | null = null,
  ): Promise<IssueApproval> => {
    const steps = await approvals.steps(issue)
    const standing = standingOf(
      { id: issue, written: contents?.written ?? 'draft', parts: contents?.parts ?? null },
      { inUse: await approvals.isInUse(), last: steps.at(-1) ?? null },
    )
    const ticks = await approvals.ticks(issue)
    const hash = contents === null ? null : partsHash(contents.parts)
    if (contents !== null && hash !== null) remember(hash, contents.parts)
    return {
      standing,
      hash,
      words: standingText(standing, app.config.publication.timeZone),
      history: steps.toReversed(),
      sources: (contents?.checks ?? []).map((check) => {
        const { tick = null, stale = false } = tickOf(check, ticks) ?? {}
        return { check, tick, stale }
      }),
      statusNotWritten,
    }
  }

  const remember = (hash: string, parts: readonly IssuePart[]): void => {
    shown.delete(hash)
    shown.set(hash, parts)
    for (const oldest of shown.keys()) if (shown.size > MOST_SEEN) shown.delete(oldest)
  }

  const record = async (issue: string, given: NewStep): Promise<IssueApproval> => {
    const [by, note] = [nameOf(given.by), noteOf(given.note)]
    const isApproval = given.step === 'approved'
    const built = isApproval ? await work.build(issue) : null
    const contents = built === null ? await work.read(issue) : built.read
    if (contents === null) throw blocked(issue, built?.blocking ?? (await work.build(issue)).blocking)
    const { parts } = contents
    const before = shown.get(given.seen ?? '')
    const what = before === undefined ? '' : changeText(partChanges(before, parts))
    refuseUnseen(issue, given.seen, partsHash(parts), what)
    const steps = await approvals.steps(issue)
    const newest = steps.at(-1)
    if (given.steps !== undefined && given.steps !== steps.length && newest !== undefined)
      throw unseen(`${stepText(newest, app.config.publication.timeZone)}, since you looked at ${issue}`)
    const editions = built === null ? null : await keepEditions(app, issue, built)
    await approvals.record({ issue, step: given.step, parts, editions, by, note })
    return describe(issue, contents, await writeStatus(root, contents.file, given.step))
  }

  return {
    state: async (issue) => describe(issue, await work.read(issue)),

    record(issue, given) {
      const taken = last.then(() => record(issue, given))
      last = taken.catch(() => undefined)
      return taken
    },

    async tick(issue, source, { ticked, by, seen }: NewTick) {
      const contents = await work.read(issue)
      const check = contents?.checks.find(({ id }) => id === source)
      if (check === undefined)
        throw new OnrecordError('not-found', `${issue} cites no source “${source}”.`, {
          hint: `“onrecord approve ${issue}” lists those that it cites`,
        })
      refuseUnseen(`“${source}”`, seen, check.hash)
      if (ticked) await approvals.tick({ issue, source, hash: check.hash, by: nameOf(by) })
      else await approvals.untick({ issue, source, by: nameOf(by) })
      return describe(issue, contents)
    },

    ...openVersions(app, work),
  }
}

/** Keeps what the approver sees, so that what changes later can be shown beside it. */
async function keepEditions(
  { editions, imagesDir }: ApprovingApp,
  issue: string,
  { ready, blocking }: BuiltIssue,
): Promise<SeenEditions> {
  if (ready === null) throw blocked(issue, blocking)
  await freezeImages(imagesDir, ready.images)
  for (const edition of Object.values(ready.editions)) await editions.save(edition)
  const { public: open, subscriber, member } = ready.editions
  return { public: open.hash, subscriber: subscriber.hash, member: member.hash }
}

/** Plain files stay first-class: what the record says stands in the frontmatter too. Null: it does now. */
async function writeStatus(root: string, file: string, status: IssueMeta['status']): Promise<string | null> {
  try {
    const text = await readTextFile(root, file)
    const changed = text === null ? null : setStatus(text, status)
    if (text === null || changed === null)
      return `“status:” in ${file} is written in a way that is left alone; write “status: ${status}” there by hand.`
    if (changed !== text) await replaceFile(root, file, text, changed)
    return null
  } catch (error) {
    return `The status is recorded, but not written into ${file}: ${messageOf(error)}`
  }
}

function refuseUnseen(what: string, seen: string | undefined, now: string, changed = ''): void {
  if (seen === undefined || seen === now) return
  throw unseen(`${what} has changed since you looked at it${changed === '' ? '' : `: ${changed}`}`)
}

function unseen(what: string): OnrecordError {
  return new OnrecordError('refused', `${what}; nothing was recorded.`, {
    hint: 'look at it as it is now, and do it again',
  })
}

/** @throws OnrecordError `usage` */
function nameOf(by: string): string {
  const name = by.replace(/\s+/gu, ' ').trim()
  if (name === '' || name.length > LONGEST_NAME || /[\p{Cc}\u2028\u2029]/u.test(name))
    throw new OnrecordError('usage', `Say who you are, in at most ${LONGEST_NAME} characters.`, {
      hint: 'for example --as "Ada Lovelace"',
    })
  return name
}

/** @throws OnrecordError `usage` */
function noteOf(note: string | null): string | null {
  const text = note?.trim() ?? ''
  if (text.length > LONGEST_NOTE)
    throw new OnrecordError('usage', `A note has at most ${LONGEST_NOTE.toLocaleString('en-US')} characters.`)
  // It is shown in terminals: nothing in it may move a cursor.
  return text === '' ? null : text.replace(/(?![\n\t])[\p{Cc}\u2028\u2029]/gu, ' ')
}
