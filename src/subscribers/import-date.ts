/**
 * ISO 8601, a date or a time, or with the day first and full stops, as 31.3.2026 10:15; without a zone it is UTC.
 * Of 03/04/2026 nobody knows which is the month. In milliseconds; null when empty.
 */
export function readDate(written: string): number | null | 'unreadable' {
  if (written === '') return null
  const text = written
    .replace(
      /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?=$|[ T,])[ ,]*/,
      (_, day: string, month: string, year: string) =>
        `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} `,
    )
    .trim()
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text,
  )
  if (match === null) return 'unreadable'
  const [, day = '', time = '00:00', zone = 'Z'] = match
  const at = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`)
  return Number.isNaN(at) ? 'unreadable' : at
}
