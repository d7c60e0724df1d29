import type { MailFormat } from '../../subscribers/readers.ts'
import type { Row } from '../subscriber-rows.ts'

/** The format that a row of `subscriber` asks for. */
export function formatOf(row: Row | undefined): MailFormat {
  return row?.['format'] === 'text' ? 'text' : 'html'
}
