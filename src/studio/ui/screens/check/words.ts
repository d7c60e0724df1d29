import type { CheckFinding } from '../../../contract/check.ts'

/** Of how grave a finding is: a word, and a sign that needs no colour. */
export const severities = {
  error: { word: 'Error', many: 'Errors', sign: '✕' },
  warning: { word: 'Warning', many: 'Warnings', sign: '!' },
  info: { word: 'Note', many: 'Notes', sign: 'i' },
} as const

export type Severity = keyof typeof severities

const kinds: Readonly<Record<string, string>> = {
  DC1: 'Sources',
  DC2: 'Citations',
  DC3: 'Quotations',
  DC4: 'Attribution',
  DC5: 'Independence',
  DC6: 'Wording',
  DC7: 'Links, copies and waivers',
  DC8: 'Form',
}

/** What a rule is about, by its hundred. */
export function kindOf({ rule }: Pick<CheckFinding, 'rule'>): string {
  return kinds[rule.slice(0, 3)] ?? 'Other'
}
