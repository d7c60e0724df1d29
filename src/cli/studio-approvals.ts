import { setStatus } from '../brief/set-status.ts'
import { messageOf, OnrecordError } from '../core/errors.ts'
import type { IssueMeta } from '../brief/brief.ts'
import type { App } from '../app.ts'
import type { IssuePart } from '../core/issue-part.ts'
import { partChanges, partsHash, tickOf, type SeenEditions } from '../delivery/approval.ts'
import { freezeImages } from '../delivery/freeze-images.ts'
import { sourceChecks } from '../issue/source-checks.ts'
import { replaceFile } from '../sources/replace-file.ts'
import type { Approvals, IssueApproval, NewStep, NewTick } from '../studio/approvals.ts'
import { readTextFile } from './issue-ledger.ts'
import { openVersions } from './issue-versions.ts'
import { changeText, stepText, standingText } from './not-approved.ts'
import { finishIssue, readIssue, readStanding, type IssueAtHand } from './ready-issue.ts'

/** What approving takes of an app. */
export type ApprovingApp = Pick<App, 'config' | 'approvals' | 'editions' | 'deliveries' | 'imagesDir'>

/** The longest name of an approver, and the longest note. */
const LONGEST_NAME = 100
const LONGEST_NOTE = 2_000

/** So many states that somebody looked at are known by their parts, to say what changed since. */
const MOST_SEEN = 200

/** Approvals of the publication of `app`, by its files and its store. */
export function openApprovalDesk(app: ApprovingApp): Approvals {
  const { config, approvals } = app
  const { root } = config
  const shown = new Map<string, readonly IssuePart[]>()
  /** Steps are taken one after the other: of two at a time, the second has not seen the first. */
  let last: Promise<unknown> = Promise.resolve()

  const describe = async (
    atHand: IssueAtHand,
    statusNotWritten: string | null = null,
  ): Promise<IssueApproval> => {
    const { id, content } = atHand
    const standing = await readStanding(app, atHand)
    const ticks = await approvals.ticks(id)
    const checks = content === null ? [] : sourceChecks(content.issue)
    const hash = content === null ? null : partsHash(content.parts)
    if (content !== null && hash !== null) remember(hash, content.parts)
    return {
      standing,
      hash,
      words: standingText(standing),
      history: (await approvals.steps(id)).toReversed(),
      sources: checks.map((check) => {
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
    const atHand = await readIssue(config, issue)
    const { content } = atHand
    if (content === null) {
      await finishIssue(config, atHand)
      throw new OnrecordError('refused', `${issue} cannot be read.`)
    }
    const { parts } = content
    const before = shown.get(given.seen ?? '')
    const what = before === undefined ? '' : changeText(partChanges(before, parts))
    refuseUnseen(issue, given.seen, partsHash(parts), what)
    const steps = await approvals.steps(issue)
    const newest = steps.at(-1)
    if (given.steps !== undefined && given.steps !== steps.length && newest !== undefined)
      throw unseen(`${stepText(newest)}, since you looked at ${issue}`)
    const editions = given.step === 'approved' ? await keepEditions(app, atHand) : null
    await approvals.record({ issue, step: given.step, parts, editions, by, note })
    return describe(atHand, await writeStatus(root, content.issue.file, given.step))
  }

  return {
    state: async (issue) => describe(await readIssue(config, issue)),

    record(issue, given) {
      const taken = last.then(() => record(issue, given))
      last = taken.catch(() => undefined)
      return taken
    },

    async tick(issue, source, { ticked, by, seen }: NewTick) {
      const atHand = await readIssue(config, issue)
      const checks = atHand.content === null ? [] : sourceChecks(atHand.content.issue)
      const check = checks.find(({ id }) => id === source)
      if (check === undefined)
        throw new OnrecordError('not-found', `${issue} cites no source “${source}”.`, {
          hint: `“onrecord approve ${issue}” lists those that it cites`,
        })
      refuseUnseen(`“${source}”`, seen, check.hash)
      if (ticked) await approvals.tick({ issue, source, hash: check.hash, by: nameOf(by) })
      else await approvals.untick({ issue, source, by: nameOf(by) })
      return describe(atHand)
    },

    ...openVersions(app),
  }
}

/** Keeps what the approver sees, so that what changes later can be shown beside it. */
async function keepEditions(
  { config, editions, imagesDir }: ApprovingApp,
  atHand: IssueAtHand,
): Promise<SeenEditions> {
  const ready = await finishIssue(config, atHand)
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
