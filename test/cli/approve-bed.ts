import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import type { Context } from '../../src/cli/context.ts'
import { loadConfig } from '../../src/config.ts'

const root = join(import.meta.dirname, '..', '..')

/** A short issue over the sample's look: one brief in two files, a picture, a source that nothing cites. */
const files = {
  'briefs/w1/issue.md':
    '---\nsubject: The harbour opens\npreheader: What we know of it.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: approved # for now\n---\n\nGood morning.\n',
  'briefs/w1/one.md':
    '---\ntitle: The harbour opens\nstandfirst: It opened after a week.\ndate: 2025-11-14\nimage: {src: images/quay.png, alt: The quay}\n---\n\nThe harbour opened on 7 November [@daily, "opened at dawn"]. Nobody came.\n',
  'briefs/w1/sources.yaml':
    '- id: daily\n  title: Harbour opens\n  publisher: The Daily\n  url: https://daily.test/opens\n  published: 2025-11-08\n  accessed: 2025-11-10\n  kind: newspaper\n  origin: wire\n- id: wire\n  title: Harbour\n  publisher: The Wire\n  url: https://wire.test/harbour\n  published: 2025-11-08\n  accessed: 2025-11-10\n  kind: wire\n- id: spare\n  title: Not cited\n  publisher: Spare\n  url: https://spare.test/x\n  published: 2025-11-08\n  accessed: 2025-11-10\n',
} as const

export interface Newsroom {
  readonly dir: string
  /** Opens the store anew and closes what was open. */
  app(): Promise<App>
  context(json?: boolean): Context & { text(): string }
  read(file: string): string
  /** Replaces in a file; `from` must be in it. */
  edit(file: string, from: string | RegExp, to: string): void
}

/** A publication with the issue `w1`, and its store; gone after the test. */
export function newsroom(): Newsroom {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-approve-'))
  for (const name of ['templates/weekly', 'onrecord.yaml'])
    cpSync(join(root, name), join(dir, name), { recursive: true })
  cpSync(join(root, 'briefs/2025-w46/images/istanbul-dusk.png'), join(dir, 'briefs/w1/images/quay.png'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), text)
  const config = loadConfig({ dir, environment: {} })
  let open: App | null = null
  onTestFinished(async () => {
    await open?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const app = async (): Promise<App> => {
    await open?.close()
    open = await openApp(loadConfig({ dir, environment: {} }))
    return open
  }
  return {
    dir,
    app,
    context(json = false) {
      const printed: string[] = []
      return {
        text: () => printed.join('\n'),
        options: { json, quiet: false, verbose: false, color: false },
        cwd: dir,
        terminal: false,
        interrupted: new AbortController().signal,
        print: (text) => void printed.push(text),
        note: (text) => void printed.push(text),
        drawProgress: () => undefined,
        confirm: async () => false,
        config: () => config,
        app,
      }
    },
    read: (file) => readFileSync(join(dir, file), 'utf8'),
    edit(file, from, to) {
      const text = readFileSync(join(dir, file), 'utf8')
      const changed = text.replace(from, to)
      if (changed === text) throw new Error(`${file} does not hold ${String(from)}`)
      writeFileSync(join(dir, file), changed)
    },
  }
}
