import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Its preview server is a package of its own, which must be of the very version. */
export const versions = {
  'react-email': '6.11.6',
  '@react-email/ui': '6.11.6',
  react: '19.2.0',
  'react-dom': '19.2.0',
}

export interface ReactEmail {
  readonly url: string
  /** The template that is shown at `<url>/preview/weekly`. */
  readonly file: string
  close(): void
}

/**
 * react-email's preview server (`email dev`, next in development) on one template. It is half a gigabyte and no
 * dependency of ours: it is installed once into the system's folder for temporary files, without install scripts.
 */
export async function startReactEmail(template: string, port: number): Promise<ReactEmail> {
  const folder = join(tmpdir(), `onrecord-bench-react-email-${versions['react-email']}`)
  const cli = join(folder, 'node_modules/react-email/dist/cli/index.mjs')
  if (!existsSync(cli)) install(folder)
  const file = join(folder, 'emails/weekly.tsx')
  mkdirSync(join(folder, 'emails'), { recursive: true })
  writeFileSync(file, template)
  const { BASE_URL: _, ...inherited } = process.env
  const child = spawn(process.execPath, [cli, 'dev', '--port', String(port)], {
    cwd: folder,
    // It starts others as “node”.
    env: {
      ...inherited,
      NEXT_TELEMETRY_DISABLED: '1',
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    },
    stdio: 'ignore',
    detached: true,
  })
  const url = `http://localhost:${port}`
  await answering(`${url}/preview/weekly`, child)
  return { url, file, close: () => end(child) }
}

function install(folder: string): void {
  mkdirSync(folder, { recursive: true })
  console.error(`Installing react-email ${versions['react-email']} into ${folder}, once …`)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: versions }),
  )
  const { status, stderr } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`react-email cannot be installed: ${stderr}`)
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240 && child.exitCode === null; tries++) {
    if (
      await fetch(url).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  end(child)
  throw new Error('react-email’s preview server did not start.')
}

/** With the next server that it started. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // It had ended.
  }
}
