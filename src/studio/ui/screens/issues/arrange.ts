import type { IssueState, IssueSummary } from '../../../contract/issues.ts'

export const groupings = [
  { value: 'state', label: 'State' },
  { value: 'newsletter', label: 'Newsletter' },
  { value: 'month', label: 'Month' },
  { value: 'none', label: 'Nothing' },
] as const

export const orders = [
  { value: 'date', label: 'Date, newest first' },
  { value: 'oldest', label: 'Date, oldest first' },
  { value: 'subject', label: 'Subject' },
  { value: 'light', label: 'What is to be done' },
] as const

export type Grouping = (typeof groupings)[number]['value']
export type Order = (typeof orders)[number]['value']

export interface IssueGroup {
  /** Empty where nothing is grouped. */
  readonly title: string
  readonly issues: readonly IssueSummary[]
}

/** In the order of what needs a person first. */
const shelves: readonly { readonly title: string; readonly states: readonly IssueState[] }[] = [
  { title: 'On its way', states: ['sending', 'paused', 'scheduled'] },
  { title: 'Changed since approval', states: ['void'] },
  { title: 'Approved', states: ['approved'] },
  { title: 'In review', states: ['review'] },
  { title: 'Drafts', states: ['broken', 'draft'] },
  { title: 'Sent', states: ['sent', 'cancelled'] },
  { title: 'On the site alone', states: ['published'] },
]

const lights = { blocked: 0, open: 1, unknown: 2, ready: 3 } as const

/** Those that hold every word, grouped and sorted; empty groups are left out. */
export function arrange(
  issues: readonly IssueSummary[],
  wish: {
    readonly text: string
    readonly grouping: Grouping
    readonly order: Order
    /** Of newsletters, by their keys. */
    readonly names: Readonly<Record<string, string>>
  },
): readonly IssueGroup[] {
  const { text, grouping, order, names } = wish
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean)
  const found = issues
    .filter((issue) => words.every((word) => wordsOf(issue, names).includes(word)))
    .toSorted((a, b) => compare(a, b, order))
  return groupsOf(found, grouping, names).filter((group) => group.issues.length > 0)
}

function wordsOf({ id, subject, newsletter, briefs, date }: IssueSummary, names: Names): string {
  const all = [id, subject ?? '', names[newsletter ?? ''] ?? newsletter ?? '', date ?? '', ...briefs]
  return all.join('\n').toLowerCase()
}

type Names = Readonly<Record<string, string>>

/** `x9` before `x10`, as the ids of a shelf stand. */
const natural = new Intl.Collator('en', { numeric: true })

function compare(a: IssueSummary, b: IssueSummary, order: Order): number {
  const newest = natural.compare(b.date ?? b.id, a.date ?? a.id) || natural.compare(b.id, a.id)
  switch (order) {
    case 'date':
      return newest
    case 'oldest':
      return -newest
    case 'subject':
      return (a.subject ?? a.id).localeCompare(b.subject ?? b.id) || newest
    case 'light':
      return lights[a.readiness.light] - lights[b.readiness.light] || newest
  }
}

function groupsOf(issues: readonly IssueSummary[], grouping: Grouping, names: Names): IssueGroup[] {
  switch (grouping) {
    case 'none':
      return [{ title: '', issues }]
    case 'state':
      return shelves.map(({ title, states }) => ({
        title,
        issues: issues.filter(({ state }) => states.includes(state)),
      }))
    case 'newsletter':
      return byKey(issues, ({ newsletter }) => names[newsletter ?? ''] ?? newsletter ?? 'No newsletter')
    case 'month':
      return byKey(issues, ({ date }) => monthOf(date))
  }
}

function byKey(issues: readonly IssueSummary[], keyOf: (issue: IssueSummary) => string): IssueGroup[] {
  const groups = new Map<string, IssueSummary[]>()
  for (const issue of issues) {
    const key = keyOf(issue)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [issue])
    else group.push(issue)
  }
  return [...groups].map(([title, own]) => ({ title, issues: own }))
}

const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

function monthOf(date: string | null): string {
  const at = Date.parse(date ?? '')
  return Number.isNaN(at) ? 'No date' : month.format(at)
}
