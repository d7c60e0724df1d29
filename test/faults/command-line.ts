import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openApp, type App } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import type { Tally } from '../../src/delivery/round.ts'
import { runCommand } from '../cli/run-command.ts'
import { addPeople } from '../delivery/people.ts'
import { inFile } from '../store/in-file.ts'

const root = join(import.meta.dirname, '../..')
export const ISSUE = '2025-w46'

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

interface Started {
  readonly child: ChildProcess
  readonly end: Promise<Ended>
}

/** The sample publication in a folder of its own, worked on by the real command line. */
export interface FaultPublication {
  readonly dir: string
  readonly dataDir: string
  readonly store: string
  /**
   * @param limit octets that any file may have for it: a disk that is full, to the kernel’s word
   * @param diesAt it kills itself before its so many-th link or rename, from 0 on
   */
  start(args: readonly string[], limit?: number, diesAt?: number): Started
  /** Where nothing is to befall it, it costs a fraction of `start`. */
  run(args: readonly string[], limit?: number, diesAt?: number): Promise<Ended>
  look<T>(look: (app: App) => Promise<T>): Promise<T>
  tally(): Promise<Tally>
  /** Message-IDs of rows that say that their message may have gone out. */
  onRecord(): Promise<ReadonlySet<string>>
}

export async function faultPublication(options: {
  readonly port: number
  readonly people: number
  readonly dataDir?: string
  /** Default: a SQLite file in `dataDir`. */
  readonly databaseUrl?: string
}): Promise<FaultPublication> {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-operate-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    cpSync(join(root, name), join(dir, name), { recursive: true })
  const dataDir = options.dataDir ?? join(dir, 'data')
  const store = join(dataDir, 'onrecord.db')
  const settings = {
    SECRET_KEY: 'a secret of more than thirty-two characters',
    BASE_URL: 'https://brief.test',
    DATABASE_URL: options.databaseUrl ?? `sqlite:${store}`,
    SMTP_URL: `smtp://127.0.0.1:${options.port}`,
    SMTP_CONNECTIONS: '3',
  }
  const start: FaultPublication['start'] = (args, limit, diesAt) => {
    const command = [process.execPath, join(root, 'src/cli/main.ts'), '-C', dir, ...args]
    // POSIX counts in blocks of 512 octets. Beyond it a write fails with EFBIG, as with ENOSPC on a full disk.
    const shell = ['-c', `ulimit -f ${Math.floor((limit ?? 0) / 512)}; exec "$@"`, 'sh', ...command]
    const [program = '', ...rest] = limit === undefined ? command : ['sh', ...shell]
    const dies =
      diesAt === undefined
        ? {}
        : {
            DIES_AT: String(diesAt),
            NODE_OPTIONS: `--import=${join(import.meta.dirname, 'die-renaming.ts')}`,
          }
    const child = spawn(program, rest, {
      env: { ...process.env, ...settings, ...dies },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let out = ''
    let err = ''
    child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const end = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })))
    return { child, end }
  }
  const look: FaultPublication['look'] = async (work) => {
    const app = await openApp(loadConfig({ dir, environment: settings }))
    try {
      return await work(app)
    } finally {
      await app.close()
    }
  }
  await look((app) => addPeople(app.subscribers, options.people))
  return {
    dir,
    dataDir,
    store,
    start,
    async run(args, limit, diesAt) {
      if (limit !== undefined || diesAt !== undefined) return start(args, limit, diesAt).end
      const { code, stdout, stderr } = await runCommand(['-C', dir, ...args], { cwd: root, env: settings })
      return { code, out: stdout, err: stderr }
    },
    look,
    tally: () =>
      look(async ({ deliveries }) => {
        const round = await deliveries.round(ISSUE, 'real')
        return deliveries.tally(round?.id ?? 0)
      }),
    onRecord: () =>
      look(async (app) => {
        const rows = inFile(app, (database) =>
          database
            .prepare(
              `select message_id from delivery where state in ('on_wire', 'accepted', 'unknown', 'deferred', 'rejected')`,
            )
            .all(),
        )
        return new Set(rows.map((row) => String(row['message_id'])))
      }),
  }
}
