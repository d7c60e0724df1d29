import { OnrecordError } from '../core/errors.ts'
import type { RoundKind } from '../delivery/round.ts'
import { exit, type Context, type ExitCode } from './context.ts'

/**
 * `onrecord worker --check`: whether a worker of this machine, or of this container, says that it is there, which it does
 * every two seconds while it runs and the store takes it.
 * @throws OnrecordError `refused` when none does, `io` when the store cannot be reached
 */
export async function checkWorker(context: Context): Promise<ExitCode> {
  const { database, smtp } = context.config()
  const kind: RoundKind = smtp === null ? 'rehearsal' : 'real'
  if (!(await isThere(context, kind))) {
    const whose = database.kind === 'postgres' ? 'of this machine ' : ''
    throw new OnrecordError('refused', `No worker ${whose}has said in the last seconds that it is there.`, {
      hint: '“onrecord worker” starts one; its log says what it waits for',
    })
  }
  context.print(context.options.json ? JSON.stringify({ worker: kind }) : 'A worker is there.')
  return exit.done
}

/** Past the open app, which a probe every half minute would be too dear for, and which waits for a store that is gone. */
async function isThere(context: Context, kind: RoundKind): Promise<boolean> {
  const { database } = context.config()
  if (database.kind === 'sqlite') return (await (await context.app()).hasWorker(kind)) === true
  const { hasWorkerHere } = await import('../store/postgres/worker-presence.ts')
  return hasWorkerHere(database.url, kind)
}
