import type { Context } from './context.ts'

/** A count that is there sooner needs no word, in milliseconds. */
const SILENT_MS = 1_000

/** Says that people are being counted while that takes longer than a second: of a million it is 2 to 5. */
export async function whileCounting<T>(
  { terminal, note, drawProgress }: Pick<Context, 'terminal' | 'note' | 'drawProgress'>,
  counted: Promise<T>,
  after = SILENT_MS,
): Promise<T> {
  const says = 'counting the people it is for …'
  const timer = setTimeout(() => (terminal ? drawProgress(says) : note(says)), after)
  try {
    return await counted
  } finally {
    clearTimeout(timer)
    drawProgress('')
  }
}
