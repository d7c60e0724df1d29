export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Values that say nothing of a person: never an address, a token, a path that holds one, or a message of unknown origin. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

/** What a process that runs for long tells its operator: one event a line. */
export type Log = (level: Exclude<LogLevel, 'silent'>, event: string, fields?: LogFields) => void

const order: readonly LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

/** Writes events up to `level` as lines of JSON, for `journalctl` and what collects logs. */
export function createLog(
  level: LogLevel,
  write: (line: string) => void,
  clock: { now(): number } = Date,
): Log {
  return (of, event, fields = {}) => {
    if (order.indexOf(of) > order.indexOf(level)) return
    write(JSON.stringify({ time: new Date(clock.now()).toISOString(), level: of, event, ...fields }))
  }
}
