import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseBrief } from '../../src/brief/parse.ts'
import type { CheckedIssue } from '../../src/desk/checked-issue.ts'
import { checkIssue } from '../../src/desk/desk.ts'
import { parseLedger } from '../../src/sources/ledger.ts'

/** The rules that judge language, in the order of the table. */
export const languageRules = [
  'DC201',
  'DC202',
  'DC204',
  'DC401',
  'DC402',
  'DC403',
  'DC404',
  'DC501',
  'DC504',
  'DC601',
  'DC602',
  'DC603',
  'DC606',
] as const

export type LanguageRule = (typeof languageRules)[number]

const entrySchema = z.strictObject({
  text: z.string(),
  in: z.literal('scenarios').optional(),
  standfirst: z.string().optional(),
  finds: z.array(z.enum(languageRules)).default([]),
  near: z.array(z.enum(languageRules)).default([]),
  note: z.string().optional(),
})

/** One labelled text; see README.md. */
export type Labelled = z.output<typeof entrySchema>

/** A half of the labelled set. */
export function readLabelled(half: 'development' | 'held-out'): Labelled[] {
  return z.array(entrySchema).parse(parse(readFileSync(join(import.meta.dirname, `${half}.yaml`), 'utf8')))
}

/** The language rules that speak on an entry. */
export function spokenOn(entry: Labelled): ReadonlySet<LanguageRule> {
  const found = new Set(checkIssue(issueOf(entry), { desk }).map((each) => each.rule as string))
  return new Set(languageRules.filter((rule) => found.has(rule)))
}

const desk = { severities: {}, staleAfterDays: 365 }
const ledger =
  parseLedger('sources.yaml', readFileSync(join(import.meta.dirname, 'ledger.yaml'), 'utf8')).value ??
  new Map()

function issueOf({ text, standfirst, in: within }: Labelled): CheckedIssue {
  const body = within === 'scenarios' ? `:::scenarios\n- **Drift** (likely): ${text}\n:::` : text
  const head = `title: A brief\nstandfirst: ${JSON.stringify(standfirst ?? 'What the desk has read.')}\ndate: 2025-11-10`
  const brief = parseBrief('one.md', `---\n${head}\n---\n\n${body}\n`)
  if (brief.value === null || brief.findings.some((each) => each.severity === 'error')) {
    throw new Error(
      `This entry cannot be read: ${text}\n${brief.findings.map((each) => each.message).join('\n')}`,
    )
  }
  const note = { type: 'root' as const, children: [] }
  return {
    issue: {
      file: 'issue.md',
      meta: { date: '2025-11-14' },
      lang: 'en',
      note,
      briefs: [brief.value],
      ledger,
    },
    findings: [],
    waivers: [],
  }
}
