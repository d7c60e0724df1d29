import { existsSync } from 'node:fs'
import { migrateStore } from '../store/migrate-store.ts'
import { moment } from './advance.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { alignRows } from './table.ts'

/** `onrecord migrate`: the steps of the store's schema; takes those that are missing. */
export async function run(context: Context, { dryRun }: { readonly dryRun: boolean }): Promise<ExitCode> {
  const { file } = context.config().database
  if (!existsSync(file)) {
    if (context.options.json) context.print(JSON.stringify({ store: file, steps: [], kept: null }))
    else context.print('There is no store yet; the first command that needs one makes it up to date.')
    return exit.done
  }
  const { steps, kept } = migrateStore(file, { dryRun })
  if (context.options.json) {
    const dated = steps.map(({ appliedAt, ...step }) => ({
      ...step,
      appliedAt: appliedAt === null ? null : new Date(appliedAt).toISOString(),
    }))
    context.print(JSON.stringify({ store: file, dryRun, steps: dated, kept }, null, 2))
    return exit.done
  }
  const missing = steps.filter(({ appliedAt }) => appliedAt === null)
  const rows = steps.map(({ number, name, appliedAt }) => [
    `  ${number}`,
    name,
    appliedAt === null ? (dryRun ? 'not taken yet' : 'taken now') : `taken ${moment(appliedAt)}`,
  ])
  for (const line of alignRows(rows)) context.print(line)
  if (missing.length === 0) context.print('The store is up to date.')
  else if (dryRun)
    context.print('“onrecord migrate” takes what is missing, and keeps a copy of the store first.')
  else context.print('The store is up to date now.')
  if (kept !== null) context.print(`As it was before: ${kept}; delete it when all is well.`)
  return exit.done
}
