import { createHash } from 'node:crypto'
import { parseBrief } from '../../src/brief/parse.ts'
import { collectWaivers } from '../../src/brief/waivers.ts'
import type { Finding } from '../../src/core/finding.ts'
import type { CheckedIssue } from '../../src/desk/checked-issue.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import type { Evidence } from '../../src/desk/evidence.ts'
import type { Example } from '../../src/desk/rule.ts'
import { mergeLedgers, parseBriefSources, parseLedger } from '../../src/sources/ledger.ts'
import type { KeptSnapshot } from '../../src/sources/snapshot.ts'
import { publication } from '../issue/rich-issue.ts'

const daily = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`

/** What the desk finds in an example, severities and waivers applied. */
export function checkExample(example: Example): Finding[] {
  const { loaded, evidence } = loadExample(example)
  return checkIssue(loaded, publication, evidence)
}

/** An example as an issue of one brief, `briefs/w1/one.md`, with a ledger beside it. */
export function loadExample(example: Example): { loaded: CheckedIssue; evidence: Evidence } {
  const file = 'briefs/w1/one.md'
  const front = example.front ?? ''
  const key = (name: string, value: string): string =>
    new RegExp(`^${name}:`, 'm').test(front) ? '' : `${name}: ${value}\n`
  const standfirst = 'What was seen on the quay that night, and what the port says about it.'
  const head = `${key('title', 'What the harbour did')}${key('standfirst', standfirst)}${key('date', '2025-11-10')}`
  const brief = parseBrief(
    file,
    `---\n${head}${front === '' || front.endsWith('\n') ? front : `${front}\n`}---\n\n${example.brief.trim()}\n`,
  )
  const snapshots = new Map<string, KeptSnapshot>()
  let yaml = example.ledger ?? daily
  for (const [id, text] of Object.entries(example.snapshots ?? {})) {
    const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`
    snapshots.set(hash, { state: 'text', text })
    yaml = yaml.replace(new RegExp(`^- id: ${id}$`, 'm'), `$&\n  snapshot: ${hash}`)
  }
  const parsed = parseLedger('briefs/w1/sources.yaml', yaml.trimStart())
  const own = brief.value === null ? null : parseBriefSources(brief.value)
  const merged = mergeLedgers([parsed.value ?? new Map(), own?.value ?? new Map()])
  const loaded: CheckedIssue = {
    issue: brief.value && {
      file: 'briefs/w1/issue.md',
      meta: { date: '2025-11-14' },
      lang: 'en',
      note: { type: 'root', children: [] },
      briefs: [brief.value],
      ledger: merged.ledger,
    },
    findings: [...brief.findings, ...parsed.findings, ...(own?.findings ?? []), ...merged.findings],
    waivers: brief.value === null ? [] : collectWaivers(brief.value),
  }
  return {
    loaded,
    evidence: {
      snapshots: snapshots.size > 0 ? snapshots : null,
      links: new Map(Object.entries(example.links ?? {})),
    },
  }
}
