import { writeCell } from '../subscribers/csv-cell.ts'
import type { SendingDomain } from './sending.ts'

const columns = ['total', 'waiting', 'deferred', 'accepted', 'refused', 'unknown'] as const

/**
 * A result by recipient domain (RFC 4180). The domain is a stranger's word: one that a spreadsheet would take for a
 * formula has an apostrophe before it.
 */
export function domainsCsv(domains: readonly SendingDomain[]): string {
  const lines = domains.map((each) =>
    [writeCell(each.domain ?? 'erased'), ...columns.map((column) => each[column])].join(','),
  )
  return [['domain', ...columns].join(','), ...lines, ''].join('\r\n')
}
