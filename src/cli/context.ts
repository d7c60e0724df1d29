import type { App, AppOptions } from '../app.ts'
import type { Config } from '../config.ts'

/** The options that every command takes. */
export interface GlobalOptions {
  readonly dir?: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
}

/** What a command may use of the world; `main.ts` makes the real one, tests their own. */
export interface Context {
  readonly options: GlobalOptions
  readonly cwd: string
  /** Results: stdout, with a line end. With `--json` only JSON goes here. */
  print(text: string): void
  /** Progress, notes and logs: stderr, with a line end; nothing with `--quiet`. */
  note(text: string): void
  /** True where stderr is a terminal: a bar may be redrawn with `drawProgress`. */
  readonly terminal: boolean
  /** Replaces the last progress on a terminal, one line or several that fit; an empty text clears it. */
  drawProgress(text: string): void
  /** Asks a yes-or-no question on the terminal; false where there is none. */
  confirm(question: string): Promise<boolean>
  /** Aborted by the first SIGINT or SIGTERM; a second one ends the process at once. */
  readonly interrupted: AbortSignal
  /** Reads the configuration once. */
  config(): Config
  /** Opens the stores once; closed by `main.ts` after the command. */
  app(options?: AppOptions): Promise<App>
}

/** Exit statuses; `main.ts` alone sets them. */
export const exit = { done: 0, refused: 1, usage: 2, interrupted: 130 } as const

export type ExitCode = (typeof exit)[keyof typeof exit]
