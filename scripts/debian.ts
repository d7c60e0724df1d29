// What a script needs beside npm's packages comes from Debian: installed where that can be done, else named.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A Debian package, and a file by which it is known to be there. */
export interface Needed {
  readonly name: string
  readonly file: string
}

/** Postfix’s own load generator and the sink it is measured with; and a real mail server. */
export const postfix: Needed = { name: 'postfix', file: '/usr/sbin/smtp-source' }

/** A DKIM verifier that shares no code with npm’s. */
export const pythonDkim: Needed = {
  name: 'python3-dkim',
  file: '/usr/lib/python3/dist-packages/dkim/__init__.py',
}

/** Installs what is missing when root on Debian; otherwise says how, and ends the script. */
export function ensureDebian(needed: readonly Needed[]): void {
  const missing = (): string[] => needed.filter(({ file }) => !existsSync(file)).map(({ name }) => name)
  if (missing().length === 0) return
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing from Debian’s packages: ${missing().join(', ')}`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const get = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    get('update')
    get('install', '-y', '--no-install-recommends', ...missing())
  }
  if (missing().length === 0) return
  console.error('This needs packages that are not here. Install them with one command and run it again:')
  console.error(`  sudo apt-get install -y --no-install-recommends ${missing().join(' ')}`)
  process.exit(1)
}

/** A program of Debian’s that may stand outside a user’s PATH. */
export function debianProgram(name: string): string {
  return ['/usr/sbin', '/usr/bin'].map((folder) => join(folder, name)).find(existsSync) ?? name
}
