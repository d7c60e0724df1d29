import type { CheckFinding } from '../../../contract/check.ts'

/** What a brief that cites nothing, or too little, has of sentences that do not say where they come from. */
const parts: Readonly<Record<string, ReadonlySet<string>>> = { DC104: new Set(['DC201', 'DC202', 'DC203']) }

export interface WithParts {
  readonly finding: CheckFinding
  /** What says the same of its sentences. */
  readonly parts: readonly CheckFinding[]
}

/** The findings of a list, those within another that say of a sentence what it says of its whole file. */
export function withParts(findings: readonly CheckFinding[]): readonly WithParts[] {
  const partsOf = ({ rule, file }: CheckFinding): readonly CheckFinding[] =>
    findings.filter((each) => each.file === file && parts[rule]?.has(each.rule) === true)
  const within = new Set(findings.flatMap(partsOf))
  return findings.filter((each) => !within.has(each)).map((finding) => ({ finding, parts: partsOf(finding) }))
}
