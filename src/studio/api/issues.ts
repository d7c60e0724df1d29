import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../core/clock.ts'
import { nextDues } from '../next-dues.ts'
import type { IssueHead, IssueSummary, Shelf } from '../contract/issues.ts'
import type { Surface, Workbench } from '../deps.ts'
import type { ShelvedIssue } from '../library.ts'
import { countFindings, dueOf, readinessOf } from '../readiness.ts'
import type { IssueStand } from '../standings.ts'
import type { WrittenHead } from '../../issue/written-head.ts'
import { openWrittenHeads } from '../written-heads.ts'
import { noIssue } from './answer.ts'

/** The publication, its issues by state, and one issue with its readiness. */
export const issues: Surface = (app, bench) => {
  const { library, deps } = bench
  const heads = openWrittenHeads(deps.root)
  /** Of what was never built, what its own file says. */
  const writtenOf = (shelved: readonly ShelvedIssue[]): Promise<ReadonlyMap<string, WrittenHead>> =>
    heads.of(shelved.flatMap(({ id, version }) => (version === 0 ? [id] : [])))
  app.get('/api/shelf', async (c) => {
    const [{ publication, findings }, shelved] = [await library.shelf(), await library.issues()]
    const written = await writtenOf(shelved)
    const standing = await standingsOf(bench, shelved, written)
    const summaries = shelved.map((each) => summaryOf(each, standing.get(each.id), written.get(each.id)))
    return c.json<Shelf>({
      publication: publication && {
        name: publication.name,
        timeZone: publication.timeZone,
        newsletters: publication.newsletters,
        due: nextDues(publication, summaries, systemClock.now()),
        tiers: publication.tiers,
        baseUrl: deps.baseUrl,
        rehearsal: deps.rehearsal,
        server: deps.server ?? null,
        siteUrl: deps.siteUrl ?? null,
      },
      findings,
      issues: summaries.map((each) => ({ ...each, readiness: { ...each.readiness, lines: [], more: 0 } })),
      complete: shelved.every(({ version }) => version > 0),
    })
  })

  app.get('/api/issues/:id', async (c) => {
    const id = c.req.param('id')
    // What is known now: the frame of the app waits for no build.
    const issue = (await library.issues()).find((each) => each.id === id) ?? noIssue(id)
    const written = await writtenOf([issue])
    const standing = await standingsOf(bench, [issue], written)
    return c.json<IssueHead>({
      ...summaryOf(issue, standing.get(id), written.get(id)),
      fault: issue.fault,
      stale: issue.fault !== null || issue.shown !== issue.latest,
    })
  })
}

/**
 * Where issues stand by the store. The list is there without it: what it cannot say, the send does; and while it is
 * being opened, it is not waited for.
 */
async function standingsOf(
  { deps, events }: Workbench,
  issues: readonly ShelvedIssue[],
  written: ReadonlyMap<string, WrittenHead>,
): Promise<ReadonlyMap<string, IssueStand>> {
  if (deps.hasStores?.() === false) return new Map()
  const opening = deps.stores().catch(() => null)
  const waiting = sleep(LONGEST_WAIT_MS, 'waiting' as const, { ref: false })
  const stores = await Promise.race([opening, waiting])
  if (stores === 'waiting') {
    void opening.then((opened) => opened !== null && events.send({ what: 'shelf' }))
    return new Map()
  }
  const asked = issues.map(({ id, latest }) => ({
    id,
    status: (latest === null ? written.get(id)?.status : latest.meta?.status) ?? null,
    state: latest?.state ?? null,
  }))
  return (await stores?.standings.of(asked).catch(() => null)) ?? new Map<string, IssueStand>()
}

/** So long the list waits for a store that is being opened, in milliseconds. */
const LONGEST_WAIT_MS = 150

function summaryOf(issue: ShelvedIssue, stand: IssueStand | undefined, head: WrittenHead = {}): IssueSummary {
  const { id, latest, version } = issue
  const meta = latest?.meta ?? null
  const known: WrittenHead = latest === null ? head : (meta ?? {})
  const written = known.status ?? (version === 0 ? 'draft' : 'broken')
  const state = written === 'broken' && isBeforeSend(stand?.state) ? 'broken' : (stand?.state ?? written)
  return {
    id,
    state,
    subject: known.subject ?? null,
    newsletter: known.newsletter ?? null,
    date: known.date ?? null,
    counts: latest && countFindings(latest.findings),
    readiness: readinessOf(issue, dueOf(state, stand?.standing)),
    version,
    words: meta?.words ?? null,
    briefs: meta === null || meta.briefs.length < 2 ? [] : meta.briefs,
    at: stand?.at ?? null,
    by: stand?.by ?? null,
    rehearsal: stand?.rehearsal ?? false,
    rehearsedAt: stand?.rehearsedAt ?? null,
  }
}

/** One that cannot be read is told as such, unless it is out already or on its way. */
function isBeforeSend(state: IssueStand['state'] | undefined): boolean {
  return (
    state === undefined || state === 'draft' || state === 'review' || state === 'approved' || state === 'void'
  )
}
