import { languageRules, spokenOn, type Labelled, type LanguageRule } from './labelled.ts'

/** How a rule fared over a set of labelled entries. */
export interface Score {
  readonly rule: LanguageRule
  readonly positives: number
  readonly near: number
  /** Right and wrong findings, and entries on which the rule should have spoken. */
  readonly right: number
  readonly wrong: readonly Labelled[]
  readonly missed: readonly Labelled[]
}

/** Every language rule over a set: an entry counts once a rule. */
export function scores(entries: readonly Labelled[]): Score[] {
  const judged = entries.map((entry) => ({ entry, spoken: spokenOn(entry) }))
  return languageRules.map((rule) => {
    const positive = judged.filter(({ entry }) => entry.finds.includes(rule))
    return {
      rule,
      positives: positive.length,
      near: entries.filter((entry) => entry.near.includes(rule)).length,
      right: positive.filter(({ spoken }) => spoken.has(rule)).length,
      wrong: judged
        .filter(({ entry, spoken }) => spoken.has(rule) && !entry.finds.includes(rule))
        .map(({ entry }) => entry),
      missed: positive.filter(({ spoken }) => !spoken.has(rule)).map(({ entry }) => entry),
    }
  })
}

/** “0.94 (0.80–0.98)”: a share and the bounds of its 95 % interval (Wilson 1927); “–” of nothing. */
export function share(hits: number, of: number): string {
  if (of === 0) return '–'
  const z = 1.96
  const p = hits / of
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const reach = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  const low = Math.max(0, middle - reach)
  const high = Math.min(1, middle + reach)
  return `${p.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
}
