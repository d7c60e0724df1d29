import type { Config } from './config.ts'

/** The composition root's product: what is open, and how to close it. */
export interface App {
  readonly config: Config
  close(): Promise<void>
}
