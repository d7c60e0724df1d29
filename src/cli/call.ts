import type { Context, ExitCode } from './context.ts'

/** Makes a commander action of a command's module, loaded only when it is called. */
export type Call = <O>(
  load: () => Promise<{ run(context: Context, options: O): Promise<ExitCode> }>,
  options: (args: readonly unknown[], flags: Record<string, unknown>) => O,
) => (...all: unknown[]) => Promise<void>
