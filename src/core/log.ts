export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Values that say nothing of a person: never an address, a token, a path that holds one, or a message of unknown origin. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** What a process that runs for long tells its operator: one event a line. */
export type Log = (level: Exclude<LogLevel, 'silent'>, event: string, fields?: LogFields) => void

const order: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/**
 * Writes events up to `level`: as lines of JSON, for `journalctl` and what collects logs, or as lines to read
 * on a terminal. Should an address, a long token or a query string get into a value, it is struck out.
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void,
  { clock = Date, form = 'json' }: { clock?: { now(): number }; form?: 'json' | 'text' } = {},
): Log {
  const line = form === 'json' ? jsonLine : textLine
  return (of, event, fields = {}) => {
    if (order.indexOf(of) > order.indexOf(level)) return
    const safe = Object.entries(fields).map(([name, value]) => [name, struck(value)] as const)
    write(line(new Date(clock.now()).toISOString(), of, event, safe))
  }
}

type Field = readonly [name: string, value: LogFields[string]]

function jsonLine(time: string, level: string, event: string, fields: readonly Field[]): string {
  return JSON.stringify({ time, level, event, ...Object.fromEntries(fields) })
}

/** `08:15:03 warn  look  file=web/page.html.hbs line=3`; a control character is no line of its own. */
function textLine(time: string, level: string, event: string, fields: readonly Field[]): string {
  const values = fields.map(([name, value]) => {
    const text = String(value)
    return `${name}=${/^[^\s"=\p{Cc}]+$/u.test(text) ? text : JSON.stringify(text)}`
  })
  return [time.slice(11, 19), level.padEnd(5), event, values.join(' ')].join(' ').trimEnd()
}

/** The last guard, not the first: what logs must not put such things into a field at all. */
function struck(value: LogFields[string]): LogFields[string] {
  if (typeof value !== 'string') return value
  return value
    .replace(/[^\s<>"'(),;:=/]+@[^\s<>"'(),;:=/]+/g, '[address]')
    .replace(/\?[^\s"'<>]*=[^\s"'<>]*/g, '?[query]')
    .replace(/[A-Za-z0-9_.-]{40,}/g, '[token]')
}
