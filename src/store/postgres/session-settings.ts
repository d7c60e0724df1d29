/** A statement that takes longer has lost its way, in milliseconds; freezing and migrating set their own. */
const STATEMENT_TIMEOUT = 60_000
/** As long as a write on SQLite waits for another's. */
const LOCK_TIMEOUT = 10_000
/** A process that is stopped in mid-transaction keeps its locks for so long. */
const IDLE_TIMEOUT = 15_000
/** A statement on its own has an answer by then, for the server has ended it before; else the server is cut off. */
export const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 10_000

/**
 * What a server, a database or a user may be set to otherwise: a message whose row is not on the disk would go out
 * again after a crash, a function that waited for a lock would not see what was committed meanwhile, and what pg-boss
 * makes its tables with would be read otherwise. Said once
 * connected, for a pooler refuses what it does not know while it connects.
 */
const SETTINGS = `
set session characteristics as transaction isolation level read committed;
set synchronous_commit = on;
set standard_conforming_strings = on;
set statement_timeout = ${STATEMENT_TIMEOUT};
set lock_timeout = ${LOCK_TIMEOUT};
set idle_in_transaction_session_timeout = ${IDLE_TIMEOUT}`

/**
 * Whoever gives a statement up leaves a process of the server's behind that works, or waits for a lock, for nobody: it
 * looks every second whether somebody is there. 13, and some systems, cannot.
 */
const LOOK_UP = `
do $$ begin set client_connection_check_interval = 1000;
exception when undefined_object or invalid_parameter_value then null; end $$`

/** What a connection is set to. @param answer how long it is waited for on it, in milliseconds */
export function settingsOf(answer: number): string {
  return answer < ANSWER_TIMEOUT ? `${SETTINGS};${LOOK_UP}` : SETTINGS
}
