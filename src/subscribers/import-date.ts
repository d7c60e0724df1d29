/** ISO 8601, a date or a time; without a zone it is UTC. In milliseconds; null when empty. */
export function readDate(text: string): number | null | 'unreadable' {
  if (text === '') return null
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    text,
  )
  if (match === null) return 'unreadable'
  const [, day = '', time = '00:00', zone = 'Z'] = match
  const at = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase()}`)
  return Number.isNaN(at) ? 'unreadable' : at
}
