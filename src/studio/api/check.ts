import type { CheckFinding, IssueCheck } from '../contract/check.ts'
import type { ShownFinding } from '../contract/finding.ts'
import type { Surface } from '../deps.ts'
import { countFindings, readinessOf } from '../readiness.ts'
import { noIssue } from './answer.ts'
import { unfinished } from './unfinished.ts'

/** The findings of an issue, and what mends them. */
export const check: Surface = (app, { library }) => {
  app.get('/api/issues/:id/check', async (c) => {
    const id = c.req.param('id')
    const issue = (await library.issue(id)) ?? noIssue(id)
    const findings = issue.latest?.findings ?? []
    return c.json<IssueCheck>({
      version: issue.version,
      readiness: readinessOf(issue),
      counts: countFindings(findings),
      findings: withKeys(findings).toSorted((a, b) => rank(a) - rank(b)),
      running: false,
    })
  })
  app.post('/api/issues/:id/fix', unfinished)
}

function rank({ severity, waived }: ShownFinding): number {
  return waived === null ? ['error', 'warning', 'info'].indexOf(severity) : 3
}

/** By rule and words, not by line: what is written above a finding does not change it. */
function withKeys(findings: readonly ShownFinding[]): CheckFinding[] {
  const seen = new Map<string, number>()
  return findings.map((each) => {
    const words = `${each.rule} ${each.file} ${each.message}`
    const again = seen.get(words) ?? 0
    seen.set(words, again + 1)
    return { ...each, key: `${words} ${again}`, fixes: [] }
  })
}
