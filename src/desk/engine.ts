import type { Finding } from '../core/finding.ts'
import { findVoices, type Voices } from '../sources/independence.ts'
import type { Source } from '../sources/source.ts'
import type { CheckedIssue } from './checked-issue.ts'
import { citedIds } from './cited-ids.ts'
import type { CitedSource } from './cited-source.ts'
import type { DeskSettings, IssueContext, TextContext } from './context.ts'
import { readBrief, readNote, type DeskText } from './desk-text.ts'
import type { Evidence } from './evidence.ts'
import { deskRules } from './rules/index.ts'
import { snapshotText, type SnapshotText } from './snapshot-text.ts'

/** What the rules find in an issue, in no order, before severities and waivers. Pure. */
export function runRules(
  issue: NonNullable<CheckedIssue['issue']>,
  settings: DeskSettings,
  evidence: Evidence,
): Finding[] {
  const { ledger } = issue
  const nameOf = (id: string): string => ledger.get(id)?.publisher ?? id
  const texts = [
    readNote(issue.file, issue.note, nameOf),
    ...issue.briefs.map((brief) => readBrief(brief, nameOf)),
  ]
  const date = issue.meta.date
  const whole: IssueContext = { texts, ledger, ...evidence, date, settings }
  const prepare = snapshotsOf(evidence)
  const voices = once(() =>
    findVoices(ledger.values(), (id) => {
      const hash = ledger.get(id)?.snapshot ?? null
      return hash === null ? null : (prepare(hash)?.shingles ?? null)
    }),
  )
  return [
    ...texts.flatMap((text) => checkText(textContext(text, issue, settings, prepare, voices))),
    ...deskRules.flatMap((rule) => {
      if (rule.scope === 'text') return rule.checkIssue?.(whole) ?? []
      return rule.scope === 'issue' ? rule.check(whole) : []
    }),
  ]
}

function checkText(context: TextContext): Finding[] {
  return deskRules.flatMap((rule) => (rule.scope === 'text' ? rule.check(context) : []))
}

/** What the rules over one text may see, and nothing else: its cache stands on this. */
function textContext(
  text: DeskText,
  issue: NonNullable<CheckedIssue['issue']>,
  settings: DeskSettings,
  prepare: (hash: string) => SnapshotText | null,
  voices: () => Voices,
): TextContext {
  const sources = citedSources(text, issue.ledger)
  const snapshot = (id: string): SnapshotText | null => {
    const hash = sources.get(id)?.snapshot ?? null
    return hash === null ? null : prepare(hash)
  }
  return {
    text,
    sources,
    ids: [...issue.ledger.keys()],
    briefFiles: new Set(issue.briefs.map((brief) => brief.file)),
    get voices() {
      return voices()
    },
    snapshot,
    date: issue.meta.date,
    lang: issue.lang,
    settings,
  }
}

/** The sources a text cites, and the origins these name, as far as they go. */
function citedSources(text: DeskText, ledger: ReadonlyMap<string, Source>): Map<string, CitedSource> {
  const cited = new Map<string, CitedSource>()
  const add = (id: string): void => {
    const source = ledger.get(id)
    if (source === undefined || cited.has(id)) return
    const { place, ...rest } = source
    cited.set(id, { ...rest, listedIn: place.file })
    if (source.origin !== null) add(source.origin)
  }
  for (const id of citedIds(text.citations).all) add(id)
  return cited
}

/** Each stored copy, prepared once however many texts cite it. */
function snapshotsOf(evidence: Evidence): (hash: string) => SnapshotText | null {
  const prepared = new Map<string, SnapshotText>()
  return (hash) => {
    const known = prepared.get(hash)
    if (known !== undefined) return known
    const state = evidence.snapshots?.get(hash)
    if (state?.state !== 'text') return null
    const made = snapshotText(hash, state.text)
    prepared.set(hash, made)
    return made
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
