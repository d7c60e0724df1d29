import type { IssueHead, IssueSummary, Shelf } from '../contract/issues.ts'
import type { Surface } from '../deps.ts'
import type { ShelvedIssue } from '../library.ts'
import { countFindings, readinessOf } from '../readiness.ts'
import { noIssue } from './answer.ts'

/** The publication, its issues by state, and one issue with its readiness. */
export const issues: Surface = (app, { library, deps }) => {
  app.get('/api/shelf', async (c) => {
    const [{ publication, findings }, shelved] = [await library.shelf(), await library.issues()]
    return c.json<Shelf>({
      publication: publication && {
        name: publication.name,
        timeZone: publication.timeZone,
        newsletters: publication.newsletters,
        tiers: publication.tiers,
        baseUrl: deps.baseUrl,
        rehearsal: deps.rehearsal,
      },
      findings,
      issues: shelved.map(summaryOf),
      complete: shelved.every(({ version }) => version > 0),
    })
  })

  app.get('/api/issues/:id', async (c) => {
    const id = c.req.param('id')
    // What is known now: the frame of the app waits for no build.
    const issue = (await library.issues()).find((each) => each.id === id) ?? noIssue(id)
    return c.json<IssueHead>({
      ...summaryOf(issue),
      fault: issue.fault,
      stale: issue.fault !== null || issue.shown !== issue.latest,
    })
  })
}

function summaryOf(issue: ShelvedIssue): IssueSummary {
  const { id, latest, version } = issue
  const meta = latest?.meta ?? null
  return {
    id,
    state: meta?.status ?? (version === 0 ? 'draft' : 'broken'),
    subject: meta?.subject ?? null,
    newsletter: meta?.newsletter ?? null,
    date: meta?.date ?? null,
    counts: latest && countFindings(latest.findings),
    readiness: readinessOf(issue),
    version,
    words: meta?.words ?? null,
  }
}
