import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { loadConfig } from '../../src/config.ts'

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-scaffold-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A command's world in `cwd`, with what it printed. */
export function contextIn(
  cwd: string,
  options: { json?: boolean } = {},
): Context & { readonly printed: string[] } {
  const printed: string[] = []
  return {
    printed,
    options: { json: options.json ?? false, quiet: false, verbose: false, color: false },
    cwd,
    terminal: false,
    interrupted: new AbortController().signal,
    print: (text) => void printed.push(text),
    note: () => undefined,
    drawProgress: () => undefined,
    confirm: () => Promise.resolve(false),
    config: () => loadConfig({ cwd, environment: {} }),
    app: () => Promise.reject(new Error('no store is needed here')),
  }
}
