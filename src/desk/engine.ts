import { createHash } from 'node:crypto'
import type { Brief } from '../brief/brief.ts'
import type { Finding } from '../core/finding.ts'
import { findVoices, type Voices } from '../sources/independence.ts'
import type { Ledger } from '../sources/source.ts'
import type { CheckedIssue } from './checked-issue.ts'
import { citedIds } from './cited-ids.ts'
import type { CitedSource } from './cited-source.ts'
import type { DeskSettings, IssueContext, TextContext } from './context.ts'
import { readBrief, readNote, type DeskText } from './desk-text.ts'
import type { Evidence } from './evidence.ts'
import { deskRules } from './rules/index.ts'
import { snapshotText, type SnapshotText } from './snapshot-text.ts'

/** What is to be checked of an issue, text by text, before severities and waivers. */
export interface Plan {
  readonly texts: readonly PlannedText[]
  /** The rules over the whole issue and its ledger. */
  checkWhole(): Finding[]
}

/** One text of an issue, and the rules over it. */
export interface PlannedText {
  /** Names the text among all of the publication's: its file, or that of the issue whose opening note it is. */
  readonly name: string
  /** SHA-256 of all that the rules over it may look at: the same key, the same findings. */
  readonly key: string
  check(): Finding[]
}

/**
 * Prepares the check of an issue. Pure; nothing is computed before it is asked for.
 *
 * @param rules with some alone, the keys of texts mean nothing
 */
export function planCheck(
  issue: NonNullable<CheckedIssue['issue']>,
  settings: DeskSettings,
  evidence: Evidence,
  rules = deskRules,
): Plan {
  const { ledger } = issue
  const nameOf = (id: string): string => ledger.get(id)?.publisher ?? id
  const texts = [
    readNote(issue.file, issue.note, nameOf),
    ...issue.briefs.map((brief) => readBrief(brief, nameOf)),
  ]
  const { date } = issue.meta
  const whole: IssueContext = { texts, ledger, ...evidence, date, settings }
  const prepare = snapshotsOf(evidence)
  const voices = once(() =>
    findVoices(ledger.values(), (id) => {
      const hash = ledger.get(id)?.snapshot ?? null
      return hash === null ? null : (prepare(hash)?.shingles ?? null)
    }),
  )
  const ofIssue = {
    ids: [...ledger.keys()],
    briefFiles: new Set(issue.briefs.map((brief) => brief.file)),
    date,
    lang: issue.lang,
    settings: { ...settings, severities: {} },
  }
  // Voices are found over the whole ledger, so all that decides them is part of every key.
  const common = JSON.stringify([
    { ...ofIssue, briefFiles: [...ofIssue.briefFiles] },
    voiceInputs(ledger, evidence),
  ])
  return {
    texts: texts.map((text) => {
      const sources = citedSources(text, ledger)
      return {
        name: text.brief === null ? `note ${text.file}` : text.file,
        get key() {
          return keyOf(text, [common, JSON.stringify([...sources])])
        },
        check: () => {
          const snapshot = (id: string): SnapshotText | null => {
            const hash = sources.get(id)?.snapshot ?? null
            return hash === null ? null : prepare(hash)
          }
          return checkText(rules, { ...ofIssue, text, sources, snapshot, voices: lazyVoices(voices) })
        },
      }
    }),
    checkWhole: () =>
      rules.flatMap((rule) => {
        if (rule.scope === 'text') return rule.checkIssue?.(whole) ?? []
        return rule.scope === 'issue' ? rule.check(whole) : []
      }),
  }
}

function checkText(rules: typeof deskRules, context: TextContext): Finding[] {
  return rules.flatMap((rule) => (rule.scope === 'text' ? rule.check(context) : []))
}

/** The sources a text cites, and the origins these name, as far as they go. */
function citedSources(text: DeskText, ledger: Ledger): Map<string, CitedSource> {
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

function voiceInputs(ledger: Ledger, { snapshots }: Evidence): unknown {
  return [...ledger.values()].map(({ id, origin, party, kind, publisher, snapshot }) => {
    const state = snapshot === null ? null : (snapshots?.get(snapshot)?.state ?? null)
    return [id, origin, party, kind, publisher, snapshot, state]
  })
}

function keyOf(text: DeskText, parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of [...parts, JSON.stringify([text.file, text.root, text.brief && frontOf(text.brief)])]) {
    hash.update(`${part.length}:`).update(part)
  }
  return hash.digest('hex')
}

/** The frontmatter, with the place of each of its keys. */
function frontOf({ meta, front }: Brief): unknown {
  return [meta, Object.keys(meta).map((key) => front.at([key]))]
}

/** Each stored copy, prepared once however many texts cite it. */
function snapshotsOf(evidence: Evidence): (hash: string) => SnapshotText | null {
  const prepared = new Map<string, SnapshotText>()
  return (hash) => {
    const known = prepared.get(hash)
    if (known !== undefined) return known
    const kept = evidence.snapshots?.get(hash)
    if (kept?.state !== 'text') return null
    const made = snapshotText(hash, kept.text)
    prepared.set(hash, made)
    return made
  }
}

/** Finding voices compares every stored copy: only a rule that asks pays for it. */
function lazyVoices(voices: () => Voices): Voices {
  return {
    voiceOf: (id) => voices().voiceOf(id),
    shared: (a, b) => voices().shared(a, b),
    partyOf: (id) => voices().partyOf(id),
    independent: (items) => voices().independent(items),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => (made ??= { value: make() }).value
}
