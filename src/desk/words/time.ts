import { oneOf } from './pattern.ts'
import { weekdays } from './numbers.ts'

/** Days that move with the reader. */
export const movingDays = oneOf('yesterday, today, tomorrow, tonight')

/** After “last”, “this” or “next”. */
export const nearTimes = `(?:${oneOf(`
  week, weekend, month, year, night, morning, afternoon, evening, spring, summer, autumn, fall, winter, quarter, decade, century
`)}|${weekdays})`

export const spans = oneOf(
  'hours?, days?, nights?, weeks?, fortnight, months?, years?, decades?, century, centuries, minutes?',
)
