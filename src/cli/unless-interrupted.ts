import { OnrecordError } from '../core/errors.ts'
import type { Context } from './context.ts'

/** Runs `work`; when Ctrl-C ended it, says what was kept. */
export async function unlessInterrupted<T>(
  context: Context,
  kept: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!context.interrupted.aborted || error instanceof OnrecordError) throw error
    throw new OnrecordError('interrupted', `Stopped. ${kept}`, { cause: error })
  }
}
