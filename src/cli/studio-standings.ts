import type { App } from '../app.ts'
import type { IssuePart } from '../core/issue-part.ts'
import { standingOf } from '../delivery/approval.ts'
import type { Round } from '../delivery/round.ts'
import type { Scheduled } from '../delivery/schedule.ts'
import type { IssueStand, Standings, WrittenIssue } from '../studio/standings.ts'
import type { IssueWork } from './issue-work.ts'

/** Where the issues of `app` stand, by its record, its schedule, its sends and its site. */
export function openStandings(app: App, work: Pick<IssueWork, 'read'>): Standings {
  const { approvals, schedule, deliveries, editions } = app
  /** Of approved issues, which are few, what they are made of now: it takes reading their files. */
  const parts = new Map<
    string,
    { readonly state: string | null; readonly parts: readonly IssuePart[] | null }
  >()

  const partsOf = async ({ id, state }: WrittenIssue): Promise<readonly IssuePart[] | null> => {
    const known = parts.get(id)
    if (known !== undefined && state !== null && known.state === state) return known.parts
    const read = await work.read(id).catch(() => null)
    const now = read?.parts ?? null
    parts.set(id, { state, parts: now })
    return now
  }

  return {
    async of(issues) {
      const [inUse, lastSteps, scheduled, rounds, published] = await Promise.all([
        approvals.isInUse(),
        approvals.lastSteps(),
        schedule.list(),
        deliveries.rounds(),
        editions.listPublished(),
      ])
      const found = new Map<string, IssueStand>()
      const roundsOf = Map.groupBy(rounds, ({ issue }) => issue)
      const publishedAt = new Map(published.map(({ issue, publishedAt: at }) => [issue, at]))
      for (const issue of issues) {
        const { id, status } = issue
        const own = roundsOf.get(id) ?? []
        const last = lastSteps.get(id) ?? null
        const done = own.filter(({ kind, state }) => kind === 'rehearsal' && state === 'done')
        const rest = {
          by: last?.by ?? null,
          approval: last?.step === 'approved' ? { by: last.by, at: last.at } : null,
          rehearsedAt: Math.max(0, ...done.map(({ finishedAt }) => finishedAt ?? 0)) || null,
        }
        const sent = sentOf(
          scheduled.filter((each) => each.issue === id),
          own,
          publishedAt.get(id) ?? null,
        )
        const standing = async (): Promise<IssueStand['standing']> => {
          const now = inUse && last?.step === 'approved' ? await partsOf(issue) : null
          return standingOf({ id, written: status ?? 'draft', parts: now }, { inUse, last }).state
        }
        if (sent !== null) found.set(id, { ...rest, ...sent, standing: await standing() })
        else if (inUse || rest.rehearsedAt !== null) {
          const state = await standing()
          found.set(id, { ...rest, state, standing: state, at: last?.at ?? null, rehearsal: false })
        }
      }
      return found
    },
  }
}

/** What is under way comes first, then what is real; null: nothing of it was sent, is scheduled or on the site. */
function sentOf(
  scheduled: readonly Scheduled[],
  rounds: readonly Round[],
  publishedAt: number | null,
): Pick<IssueStand, 'state' | 'at' | 'rehearsal'> | null {
  const waits = scheduled.toSorted((a, b) => Number(b.kind === 'real') - Number(a.kind === 'real'))[0]
  const latest = (kind: Round['kind']): Round | undefined =>
    rounds.filter((each) => each.kind === kind).toSorted((a, b) => b.id - a.id)[0]
  for (const kind of ['real', 'rehearsal'] as const) {
    const round = latest(kind)
    const rehearsal = kind === 'rehearsal'
    if (round?.state === 'freezing' || round?.state === 'sending')
      return { state: 'sending', at: round.startedAt, rehearsal }
    if (round?.state === 'paused') return { state: 'paused', at: round.startedAt, rehearsal }
  }
  if (waits !== undefined)
    return {
      state: waits.held === null ? 'scheduled' : 'paused',
      at: waits.at,
      rehearsal: waits.kind === 'rehearsal',
    }
  const real = latest('real')
  if (real?.state === 'done') return { state: 'sent', at: real.finishedAt, rehearsal: false }
  if (real?.state === 'cancelled') return { state: 'cancelled', at: real.finishedAt, rehearsal: false }
  return publishedAt === null ? null : { state: 'published', at: publishedAt, rehearsal: false }
}
