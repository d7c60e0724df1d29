import type { Tier } from '../core/tier.ts'
import { OnrecordError } from '../core/errors.ts'
import { buildEdition } from '../email/build.ts'
import { compareEditions } from '../email/compare/compare.ts'
import type { Edition } from '../email/edition.ts'
import { keyClaims } from '../desk/key-claims.ts'
import { listIssues } from '../issue/load.ts'
import { project } from '../issue/project.ts'
import { positionMarks, withAttributes } from '../render/position-marks.ts'
import { linkKey } from '../sources/link-key.ts'
import type { Approvals, IssueVersion } from '../studio/approvals.ts'
import { readIssue } from './ready-issue.ts'
import { moment } from './round-text.ts'
import type { App } from '../app.ts'

type VersionedApp = Pick<App, 'config' | 'approvals' | 'editions' | 'deliveries'>

/** A version and where its editions are; null: they are made from the files. */
interface KeptVersion extends IssueVersion {
  readonly editions: Readonly<Partial<Record<Tier, string>>> | null
}

/** The versions of an issue that there are, and what changed from one to another. */
export function openVersions(app: VersionedApp): Pick<Approvals, 'versions' | 'compare'> {
  const edition = async (issue: string, version: string, tier: Tier): Promise<Shown> => {
    const kept = (await keptVersions(app, issue)).find(({ id }) => id === version)
    if (kept !== undefined && kept.editions !== null) {
      const found = await app.editions.get(kept.editions[tier] ?? '')
      if (found === null) throw notThere(`The ${tier} edition of ${issue} (${kept.label}) was not kept.`)
      return { edition: found, files: [] }
    }
    if (kept === undefined) {
      const found = await app.editions.get(version)
      if (found !== null) return { edition: found, files: [] }
      if (!listIssues(app.config.root).includes(version))
        throw notThere(
          `There is no version “${version}” of ${issue}, nor an edition or an issue of that name.`,
        )
    }
    return render(app, kept === undefined ? version : issue, tier)
  }
  return {
    versions: async (issue) =>
      (await keptVersions(app, issue)).map(({ id, label, at }) => ({ id, label, at })),
    async compare(issue, from, to, tier) {
      const before = await edition(issue, from, tier)
      const after = await edition(issue, to, tier)
      return { ...compareEditions(before.edition, after.edition, linkKey), files: after.files }
    },
  }
}

/** An edition, and what the files of its position marks are. */
interface Shown {
  readonly edition: Edition
  readonly files: readonly string[]
}

/** The issue as it is now, each of its blocks with the place that it comes from. */
async function render({ config }: VersionedApp, issue: string, tier: Tier): Promise<Shown> {
  const { publication, baseUrl } = config
  const { loaded, content } = await readIssue(config, issue)
  if (content !== null) {
    const marks = positionMarks(content.issue)
    const projected = project(content.issue, tier, { ...loaded, claims: keyClaims(content.issue) })
    const options = { publication, baseUrl, template: content.template, marks }
    const { edition, marked } = await buildEdition(projected, options)
    if (edition !== null) return { edition: { ...edition, html: withAttributes(marked) }, files: marks.files }
  }
  throw new OnrecordError('not-found', `${issue} cannot be rendered as it is.`, {
    hint: `“onrecord check ${issue}” says why`,
  })
}

async function keptVersions(
  { approvals, editions, deliveries }: VersionedApp,
  issue: string,
): Promise<KeptVersion[]> {
  const approved = (await approvals.steps(issue)).flatMap(({ editions: seen, by, at }, index) =>
    seen === null
      ? []
      : [{ id: `approval-${index + 1}`, label: `approved by ${by}, ${moment(at)}`, at, editions: seen }],
  )
  const last = approved.at(-1)
  const page = await editions.published(issue)
  const round = await deliveries.round(issue, 'real')
  const kept: KeptVersion[] = [
    ...(last === undefined ? approved : [...approved.slice(0, -1), { ...last, id: 'approved' }]),
    ...(page === null
      ? []
      : [
          {
            ...{ id: 'published', label: `on the site, ${moment(page.publishedAt)}`, at: page.publishedAt },
            editions: {
              public: page.editions.public.hash,
              subscriber: page.editions.subscriber.hash,
              member: page.editions.member.hash,
            },
          },
        ]),
    ...(round === null
      ? []
      : [
          {
            ...{ id: 'sent', label: `sent, ${moment(round.startedAt)}`, at: round.startedAt },
            editions: round.editions,
          },
        ]),
  ]
  const now: KeptVersion = { id: 'now', label: 'as it is now', at: null, editions: null }
  return [now, ...kept.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))]
}

function notThere(message: string): OnrecordError {
  return new OnrecordError('not-found', message, {
    hint: 'approved, published, sent and now are versions, where there is one; or give an edition’s hash',
  })
}
