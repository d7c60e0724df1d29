import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, expect, test } from 'vitest'
import { storeOfStep } from '../store/former-store.ts'
import { openApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { addPeople } from '../delivery/people.ts'
import { runCommand } from './run-command.ts'
import { storeTrouble } from '../../src/store/trouble.ts'
import { migrations } from '../../src/store/migrations/index.ts'

const root = join(import.meta.dirname, '../..')
const key = 'a secret of more than thirty-two characters'
let dir: string
let store: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'onrecord-trouble-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    cpSync(join(root, name), join(dir, name), { recursive: true })
  store = join(dir, 'data', 'onrecord.db')
  mkdirSync(dirname(store))
  return () => {
    chmodSync(dirname(store), 0o755)
    rmSync(dir, { recursive: true, force: true })
  }
})

const commands = [
  ['status'],
  ['subscribers', 'list'],
  ['send', '2025-w46', '--yes'],
  ['migrate'],
  ['backup', 'b.db'],
] as const

/** Those that only read may go on where nothing can be written. */
const writing = [
  ['send', '2025-w46', '--yes'],
  ['subscribers', 'add', 'somebody@reader.test'],
] as const

/** Every command on this store says one sentence and one next step. */
async function everyCommandSays(
  message: RegExp,
  next: RegExp,
  code: number,
  as: { uid?: number; gid?: number } | null = null,
  which: readonly (readonly string[])[] = commands,
): Promise<void> {
  const env = { PATH: process.env['PATH'], SECRET_KEY: key, SMTP_URL: 'smtp://127.0.0.1:9' }
  const ended = async (args: readonly string[]): Promise<{ code: number | null; stderr: string }> => {
    if (as === null) return runCommand(['-C', dir, ...args], { cwd: dir, env })
    const command = [join(root, 'src/cli/main.ts'), '-C', dir, ...args]
    const { status, stderr } = spawnSync(process.execPath, command, {
      ...{ encoding: 'utf8', cwd: dir, env },
      ...as,
    })
    return { code: status, stderr }
  }
  for (const args of which) {
    const { code: status, stderr } = await ended(args)
    expect(stderr, args.join(' ')).toMatch(message)
    expect(stderr, args.join(' ')).toMatch(next)
    expect(stderr, args.join(' ')).not.toMatch(/fault of its own|^\s+at /m)
    expect(status, args.join(' ')).toBe(code)
  }
}

test('a store of a newer version is refused by every command, with exit status 2', async () => {
  storeOfStep(store, migrations.length, 1)
  const database = new DatabaseSync(store)
  database.exec("insert into migration values (99, 'later', 0)")
  database.close()
  await everyCommandSays(
    /written by a newer Onrecord: its schema is at step 99/,
    /→ install the newer version again/,
    2,
  )
})

test('a store that is no database, or damaged, is said to be, with how to restore', async () => {
  writeFileSync(store, 'no database at all '.repeat(500))
  await everyCommandSays(/is no database, or is damaged/, /→ “onrecord restore <backup>”/, 1)
})

test('a folder in the place of the store is said to be one', async () => {
  mkdirSync(store)
  await everyCommandSays(
    /cannot be opened: it is a folder, and a file is needed/,
    /→ DATABASE_URL says where it is/,
    1,
  )
})

test('a store that may not be written is said to be, with whom to ask', async () => {
  const app = await openApp(loadConfig({ dir, environment: { SECRET_KEY: key } }))
  await addPeople(app.subscribers, 3)
  await app.close()
  const reading = new DatabaseSync(store, { readOnly: true })
  let refusal: unknown = null
  try {
    reading.exec('delete from subscriber')
  } catch (error) {
    refusal = storeTrouble(error, store)
  }
  reading.close()
  expect(refusal).toMatchObject({
    message: `The store ${store} cannot be written.`,
    hint: expect.stringContaining('who owns it'),
  })

  chmodSync(dir, 0o755)
  chmodSync(store, 0o444)
  chmodSync(dirname(store), 0o555)
  const as = somebody()
  if (as !== null)
    await everyCommandSays(/cannot be (written|opened)/, /→ (check who owns it|DATABASE_URL)/, 1, as, writing)
})

/** Root may write everything: somebody else, where they can read this checkout; ourselves otherwise. */
function somebody(): { uid?: number; gid?: number } | null {
  if (process.getuid?.() !== 0) return {}
  const nobody = { uid: 65_534, gid: 65_534 }
  const { status } = spawnSync(process.execPath, [join(root, 'src/cli/main.ts'), '--version'], nobody)
  return status === 0 ? nobody : null
}
