import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { exportSubscribers, exportSubscribersAsJson } from '../subscribers/export.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { asFileTrouble } from './file-trouble.ts'
import type { SubscribersOptions } from './subscribers-program.ts'

/** `subscribers export`: to stdout, with `--json` as JSON; or as CSV, whole, to a file that only its owner reads. */
export async function exportFile(context: Context, options: SubscribersOptions): Promise<ExitCode> {
  const { subscribers } = await context.app()
  const filter = { newsletter: options.newsletter }
  if (options.target === null) {
    const write = context.options.json ? exportSubscribersAsJson : exportSubscribers
    let line = ''
    for await (const chunk of write(subscribers, filter)) {
      if (context.interrupted.aborted) return exit.interrupted
      // `print` ends the line itself, and a chunk need not end with one.
      const cut = chunk.lastIndexOf('\n')
      if (cut >= 0) context.print(line + chunk.slice(0, cut))
      line = cut >= 0 ? chunk.slice(cut + 1) : line + chunk
    }
    return exit.done
  }
  const file = resolve(context.cwd, options.target)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      for await (const chunk of exportSubscribers(subscribers, filter)) {
        if (context.interrupted.aborted) return exit.interrupted
        await handle.write(chunk)
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    // It is not the temporary file that anybody asked for.
    throw asFileTrouble(error, options.target) ?? error
  } finally {
    await rm(temporary, { force: true })
  }
  if (context.options.json) context.print(JSON.stringify({ file: options.target }))
  context.note(`Everybody is in ${options.target}. It holds personal data: keep it as you keep the store.`)
  return exit.done
}
