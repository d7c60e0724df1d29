import type { ShownFinding } from './preview.ts'

/** A finding by a name that it keeps while the text around it changes. */
export type KeyedFinding = ShownFinding & { readonly key: string }

/** By rule and words, not by line: what is written above a finding does not change it. */
export function keyed(findings: readonly ShownFinding[]): KeyedFinding[] {
  const seen = new Map<string, number>()
  return findings.map((each) => {
    const words = `${each.rule} ${each.file} ${each.message}`
    const again = seen.get(words) ?? 0
    seen.set(words, again + 1)
    return { ...each, key: `${words} ${again}` }
  })
}

/** A hint, as the command line prints it, as a sentence of its own. */
export function asSentence(words: string): string {
  const begun = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?…][”"»)]?$/u.test(begun) ? begun : `${begun}.`
}
