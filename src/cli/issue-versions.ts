import { OnrecordError } from '../core/errors.ts'
import type { Tier } from '../core/tier.ts'
import { listIssues } from '../issue/load.ts'
import type { Approvals, IssueVersion, OtherVersion, ReadVersion } from '../studio/approvals.ts'
import { issueWork, type ComparedSide, type IssueWork } from './issue-work.ts'
import { moment } from './round-text.ts'
import type { App } from '../app.ts'

type VersionedApp = Pick<App, 'config' | 'approvals' | 'editions' | 'deliveries'>

/** A version and where its editions are; null: they are made from the files. */
interface KeptVersion extends IssueVersion {
  readonly editions: Readonly<Partial<Record<Tier, string>>> | null
}

/** The versions of an issue that there are, and what changed from one to another. */
export function openVersions(
  app: VersionedApp,
  work: IssueWork = issueWork(() => app.config),
): Pick<Approvals, 'versions' | 'otherVersions' | 'compare'> {
  const side = async (issue: string, { version, tier }: ReadVersion): Promise<ComparedSide> => {
    const [, kind, other] = /^(published|sent):(.+)$/.exec(version) ?? []
    if (kind !== undefined && other !== undefined) return side(other, { version: kind, tier })
    const kept = (await keptVersions(app, issue)).find(({ id }) => id === version)
    if (kept !== undefined && kept.editions !== null) {
      const edition = await app.editions.get(kept.editions[tier] ?? '')
      if (edition === null) throw notThere(`The ${tier} edition of ${issue} (${kept.label}) was not kept.`)
      return { edition }
    }
    if (kept !== undefined) return { issue, tier }
    const edition = await app.editions.get(version)
    if (edition !== null) return { edition }
    const draft = version.replace(/^now:/, '')
    if (!listIssues(app.config.root).includes(draft))
      throw notThere(`There is no version “${version}” of ${issue}, nor an edition or an issue of that name.`)
    return { issue: draft, tier }
  }
  return {
    versions: async (issue) =>
      (await keptVersions(app, issue)).map(({ id, label, at, by }) => ({ id, label, at, by })),
    otherVersions: async (issue) => (await others(app)).filter((each) => each.issue !== issue),
    compare: async (issue, before, after) =>
      work.compare(await side(issue, before), await side(issue, after)),
  }
}

async function others({ editions, deliveries, config }: VersionedApp): Promise<OtherVersion[]> {
  const published = (await editions.listPublished()).map(({ issue, publishedAt }) => ({
    ...{ id: `published:${issue}`, issue, kind: 'published' as const, at: publishedAt },
  }))
  const begun = new Map<string, number>()
  for (const { issue, kind, startedAt } of await deliveries.rounds())
    if (kind === 'real') begun.set(issue, Math.max(startedAt, begun.get(issue) ?? 0))
  const sent = [...begun].map(([issue, at]) => ({ id: `sent:${issue}`, issue, kind: 'sent' as const, at }))
  const out = [...published, ...sent].toSorted((a, b) => b.at - a.at)
  const drafts = listIssues(config.root)
    .filter((issue) => !out.some((each) => each.issue === issue))
    .map((issue) => ({ id: `now:${issue}`, issue, kind: 'now' as const, at: null }))
  return [...out, ...drafts.toReversed()]
}

async function keptVersions(
  { approvals, editions, deliveries, config }: VersionedApp,
  issue: string,
): Promise<KeptVersion[]> {
  const { timeZone } = config.publication
  const approved = (await approvals.steps(issue)).flatMap(({ editions: seen, by, at }, index) =>
    seen === null
      ? []
      : [
          {
            id: `approval-${index + 1}`,
            label: `approved by ${by}, ${moment(at, timeZone)}`,
            at,
            by,
            editions: seen,
          },
        ],
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
            ...{
              id: 'published',
              label: `on the site, ${moment(page.publishedAt, timeZone)}`,
              at: page.publishedAt,
              by: null,
            },
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
            ...{
              id: 'sent',
              label: `sent, ${moment(round.startedAt, timeZone)}`,
              at: round.startedAt,
              by: null,
            },
            editions: round.editions,
          },
        ]),
  ]
  const now: KeptVersion = { id: 'now', label: 'as it is now', at: null, by: null, editions: null }
  return [now, ...kept.toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0))]
}

function notThere(message: string): OnrecordError {
  return new OnrecordError('not-found', message, {
    hint: 'approved, published, sent and now are versions, where there is one; or give an edition’s hash',
  })
}
