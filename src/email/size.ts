import { finding, startOf, type Finding } from '../core/finding.ts'
import type { Edition } from './edition.ts'

/** Gmail clips a message whose HTML is above 102 KB: the reader loses the end, and the way to leave. */
export const sizeBudget = { warn: 80 * 1024, refuse: 100 * 1024 } as const

/** The findings about an edition's size (DC813), at the file. KB are 1,024 bytes of HTML after merging. */
export function checkSize(edition: Edition, file: string): readonly Finding[] {
  const { html } = edition.bytes
  if (html <= sizeBudget.warn) return []
  const refused = html > sizeBudget.refuse
  return [
    finding(
      'DC813',
      startOf(file),
      `The ${edition.tier} edition is ${kilobytes(html)} KB of HTML; ${
        refused ? 'above 100 KB mail programs cut off its end' : 'above 100 KB it would be refused'
      }.`,
      { hint: 'shorten it or split the issue', severity: refused ? 'error' : 'warning' },
    ),
  ]
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1)
}
