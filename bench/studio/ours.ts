import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const root = join(import.meta.dirname, '../..')

/** The sample’s issue, and its first brief. */
export const issue = '2025-w46'
export const briefFile = `briefs/${issue}/istanbul-talks.md`

export interface OurStudio {
  readonly url: string
  /** Tells its process something: `SIGSTOP` has it stand still until `SIGCONT`. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  close(): void
}

/** A copy of the sample publication in a folder of its own. */
export function copySample(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-bench-studio-'))
  for (const each of ['briefs', 'templates', 'onrecord.yaml'])
    cpSync(join(root, each), join(dir, each), { recursive: true })
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** `onrecord preview` on the publication in `dir`. */
export async function startStudio(dir: string): Promise<OurStudio> {
  const { BASE_URL: _, ...environment } = process.env
  const child = spawn(
    process.execPath,
    [join(root, 'src/cli/main.ts'), '-C', dir, '--json', 'preview', '--port', '0'],
    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const line of createInterface({ input: child.stdout })) {
    const said: { readonly url?: string } = JSON.parse(line)
    if (said.url === undefined) continue
    return { url: said.url, signal: (name) => child.kill(name), close: () => child.kill('SIGINT') }
  }
  throw new Error('the studio did not start')
}
