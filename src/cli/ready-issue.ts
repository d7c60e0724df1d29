import { join } from 'node:path'
import type { App } from '../app.ts'
import type { Config } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import { formatFinding, type Finding } from '../core/finding.ts'
import type { IssuePart } from '../core/issue-part.ts'
import type { Tier } from '../core/tier.ts'
import { standingOf, type IssueStanding } from '../delivery/approval.ts'
import type { ReadyIssue } from '../delivery/publish.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { openDesk } from '../desk/open-desk.ts'
import { buildEditions, type Built } from '../email/build.ts'
import { compareEditions } from '../email/compare/compare.ts'
import type { Edition } from '../email/edition.ts'
import { createImageCache } from '../issue/image-cache.ts'
import type { Issue } from '../issue/issue.ts'
import { loadIssue, type LoadedIssue } from '../issue/load.ts'
import { issueParts } from '../issue/parts.ts'
import { loadTemplate, type Template } from '../render/template.ts'
import { linkKey } from '../sources/link-key.ts'
import { snapshotTexts } from '../sources/snapshot-texts.ts'
import { changeLines } from './compare-text.ts'
import { notApproved } from './not-approved.ts'

/** What deciding about an issue takes: the settings, and the record. */
export type ApprovalRecord = Pick<App, 'config' | 'approvals' | 'editions'>

/** What reading and building an issue takes of the settings: plain data. */
export type IssueSettings = Pick<Config, 'root' | 'dataDir' | 'baseUrl' | 'publication'>

/** An issue as its files are at one moment. */
export interface IssueAtHand {
  readonly id: string
  readonly loaded: LoadedIssue
  /** Null: its files cannot be read as an issue. */
  readonly content: {
    readonly issue: Issue
    readonly template: Template
    /** What an approval of it is bound to. */
    readonly parts: readonly IssuePart[]
  } | null
}

/**
 * An issue as its files are now, fit to go out: approved, by the record once there is one, else by its
 * frontmatter; and with nothing that blocks it.
 * @throws OnrecordError `refused` for one that is not approved, or was and has changed since, with what changed;
 *   and with every finding that blocks; `not-found`
 */
export async function readyIssue(record: ApprovalRecord, id: string): Promise<ReadyIssue> {
  const { config, editions } = record
  const atHand = await readIssue(config, id)
  const { content } = atHand
  if (content === null) return finishIssue(config, atHand)
  const standing = await readStanding(record, atHand)
  if (standing.state === 'approved') return finishIssue(config, atHand)
  const seen = await editions.get(standing.approval?.editions?.member ?? '')
  const [now] = seen === null ? [] : (await renderIssue(config, atHand, ['member'])).editions
  const words = seen === null || now === undefined ? [] : changeLines(compareEditions(seen, now, linkKey))
  throw notApproved(standing, content.issue.file, words, config.publication.timeZone)
}

/**
 * An issue as its files are now, whatever its state; with nothing that blocks it.
 * @throws OnrecordError `refused` with every finding that blocks; `not-found`
 */
export async function issueAsItIs(config: Config, id: string): Promise<ReadyIssue> {
  return finishIssue(config, await readIssue(config, id))
}

/** Where an issue stands, by the record or by its frontmatter. */
export async function readStanding(
  { approvals }: Pick<ApprovalRecord, 'approvals'>,
  { id, content }: IssueAtHand,
): Promise<IssueStanding> {
  const last = (await approvals.steps(id)).at(-1) ?? null
  const inUse = await approvals.isInUse()
  const written = content?.issue.meta.status ?? 'draft'
  return standingOf({ id, written, parts: content?.parts ?? null }, { inUse, last })
}

/** Reads an issue without checking or rendering it. @throws OnrecordError `not-found` */
export async function readIssue(config: IssueSettings, id: string): Promise<IssueAtHand> {
  const { publication, root, baseUrl, dataDir } = config
  const imageCache = createImageCache(join(dataDir, 'images'))
  const snapshots = snapshotTexts(join(dataDir, 'snapshots'))
  const loaded = await loadIssue(root, id, publication, { imageCache, snapshots })
  const { issue } = loaded
  if (issue === null) return { id, loaded, content: null }
  const template = await loadTemplate(join(root, 'templates', issue.template))
  const parts = issueParts(issue, { publication, baseUrl, template })
  return { id, loaded, content: { issue, template, parts } }
}

/** Renders what was read, as far as it can be; nothing is checked. */
export async function renderIssue(
  { publication, baseUrl }: IssueSettings,
  { loaded, content }: IssueAtHand,
  tiers?: readonly Tier[],
): Promise<Built> {
  if (content === null) return { editions: [], findings: [] }
  const { issue, template } = content
  const options = { publication, baseUrl, template, ...(tiers === undefined ? {} : { tiers }) }
  return buildEditions({ ...loaded, claims: keyClaims(issue) }, options)
}

/** Checks and renders what was read. @throws OnrecordError `refused` with every finding that blocks */
export async function finishIssue(config: IssueSettings, atHand: IssueAtHand): Promise<ReadyIssue> {
  const { ready, blocking } = await tryIssue(config, atHand)
  if (ready === null) throw blocked(atHand.id, blocking)
  return ready
}

/** What was read, checked and rendered; or with null the findings that block it. */
export async function tryIssue(
  config: IssueSettings,
  atHand: IssueAtHand,
  render = renderIssue,
): Promise<{ readonly ready: ReadyIssue | null; readonly blocking: readonly Finding[] }> {
  const { publication, dataDir } = config
  const { id, loaded, content } = atHand
  const checked = await openDesk(dataDir).check(loaded, publication)
  if (content === null) return { ready: null, blocking: checked }
  const wrong = blockingOf(checked)
  if (wrong.length > 0) return { ready: null, blocking: wrong }
  const { issue, template } = content
  const built = await render(config, atHand)
  const broken = blockingOf(built.findings)
  if (broken.length > 0) return { ready: null, blocking: broken }
  const of = (tier: Tier): Edition => {
    const edition = built.editions.find((each) => each.tier === tier)
    if (edition === undefined) throw new OnrecordError('refused', `${id} has no ${tier} edition.`)
    return edition
  }
  const editions = { public: of('public'), subscriber: of('subscriber'), member: of('member') }
  const shown = new Set(Object.values(editions).flatMap((edition) => edition.images))
  const ready: ReadyIssue = {
    id,
    newsletter: issue.meta.newsletter,
    editions,
    template: `${template.name} ${template.hash}`,
    images: [...issue.images.values()].filter(({ name }) => shown.has(name)),
  }
  return { ready, blocking: [] }
}

function blockingOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((each) => each.severity === 'error' && each.waived === null)
}

/** What keeps an issue from going out, and from being approved. */
export function blocked(id: string, findings: readonly Finding[]): OnrecordError {
  return new OnrecordError('refused', findings.map(formatFinding).join('\n'), {
    hint: `mend what is named, then run it again; “onrecord check ${id}” says more`,
  })
}
