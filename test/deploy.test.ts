import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { settings } from '../src/settings.ts'
import { hasWorkerHere } from '../src/store/postgres/worker-presence.ts'
import { until } from './cli/operation.ts'
import { readCompose, secondsOf, type ComposeService } from './compose-file.ts'
import { startPostgres } from './contract/postgres-bed.ts'
import { startSink } from './delivery/sink.ts'

/*
 * Neither Docker nor an image is here: the files are read, and what the containers would run is run as processes.
 */

const root = join(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

test('the web servers pass on to the default port, and end idle connections before serve does', () => {
  const target = `127.0.0.1:${settings.PORT.default}`
  for (const name of ['deploy/Caddyfile', 'deploy/nginx.conf']) {
    expect(read(name)).toContain(target)
    // Node ends them after 5 s.
    expect(read(name)).toMatch(/keepalive(_timeout)? 4s/)
  }
  expect(read('deploy/nginx.conf')).toMatch(
    /Host \$host;[^]*X-Forwarded-For \$proxy_add_x_forwarded_for;[^]*X-Forwarded-Proto/,
  )
  expect(read('deploy/nginx.conf')).toContain('access_log off;')
})

test('the image is made of files that are there and that .dockerignore lets in, and runs as nobody special', () => {
  const docker = read('Dockerfile')
  const allowed =
    read('.dockerignore')
      .match(/^!.+$/gm)
      ?.map((line) => line.slice(1)) ?? []
  const copied = [...docker.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  )
  expect(copied.length).toBeGreaterThan(6)
  for (const name of copied) {
    expect(existsSync(join(root, name)), name).toBe(true)
    expect(allowed).toContain(name)
  }
  // What the build reads at the root.
  for (const [, name = ''] of read('scripts/studio-ui.ts').matchAll(/join\(root, '([\w.]+\.ts)'\)/g))
    expect(copied).toContain(name)
  expect(docker.indexOf('\nUSER node')).toBeGreaterThan(docker.lastIndexOf('\nRUN'))
  for (const [, name = ''] of docker.matchAll(/([A-Z_]+)=\S+/g)) expect(Object.keys(settings)).toContain(name)
})

test('the unit is stopped with time to drain, and a wrong setting does not start it again and again', () => {
  const unit = read('deploy/onrecord.service')
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(30)
  for (const line of [
    'RestartPreventExitStatus=2',
    'KillMode=mixed',
    'ProtectSystem=strict',
    'NoNewPrivileges=yes',
  ])
    expect(unit).toContain(line)
})

const compose = readCompose(read('deploy/compose.yaml'))
const service = (name: string): ComposeService => {
  const found = compose.services[name]
  if (found === undefined) throw new Error(`there is no service ${name}`)
  return found
}

test('compose.yaml names nothing that is not there, writes no secret down, and holds what each may do', () => {
  expect(Object.keys(compose.services)).toEqual(['database', 'migrate', 'site', 'worker'])
  for (const [name, each] of Object.entries(compose.services)) {
    for (const needed of Object.keys(each.depends_on ?? {})) expect(compose.services).toHaveProperty(needed)
    for (const network of each.networks) expect(compose.networks).toHaveProperty(network)
    for (const volume of each.volumes)
      if (typeof volume === 'string') expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '')
      else expect(volume.bind.create_host_path).toBe(false)
    expect(each).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
    for (const [key, value] of Object.entries(each.environment))
      if (/PASSWORD|SECRET|TOKEN/.test(key)) expect(value).toMatch(/^\$\{[A-Z_]+:\?.+\}$/)
      else expect(`${name} ${value}`).not.toMatch(/:\/\/[^/@]*:[^/@]*@/)
  }
  const { database, migrate, site, worker } = compose.services
  expect(database?.image).toMatch(/^postgres:\d+$/)
  expect([database?.ports, database?.networks, compose.networks['store']]).toEqual([
    undefined,
    ['store'],
    { internal: true },
  ])
  expect(site?.ports).toEqual([`127.0.0.1:${settings.PORT.default}:${settings.PORT.default}`])
  expect([migrate?.restart, worker?.deploy.replicas]).toEqual(['no', 2])
  // As long as a server may take to answer for what is on the wire.
  expect(secondsOf(worker?.stop_grace_period ?? '')).toBeGreaterThan(600)
  for (const each of [migrate, site, worker]) {
    expect(
      existsSync(join(root, 'deploy', each?.build?.context ?? '?', each?.build?.dockerfile ?? '?')),
    ).toBe(true)
    for (const key of Object.keys(each?.environment ?? {}))
      expect(['PGPASSWORD', ...Object.keys(settings)]).toContain(key)
    const writable = each?.volumes.filter((one) => typeof one !== 'string' && one.read_only !== true)
    expect(writable?.map((one) => (typeof one === 'string' ? one : one.target))).toEqual([
      '/publication/data',
    ])
  }
})

test('what compose.yaml runs migrates, serves and works; its probes notice that the database goes and comes back', async () => {
  const bed = await startPostgres()
  onTestFinished(() => bed.stop())
  const sink = await startSink()
  onTestFinished(() => sink.close())
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-deploy-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    await cp(join(root, name), join(dir, name), { recursive: true })
  const secrets = [`SECRET_KEY=${'k'.repeat(32)}`, `SMTP_URL=smtp://127.0.0.1:${sink.port}`]
  writeFileSync(join(dir, '.env'), ['BASE_URL=https://brief.test', ...secrets, ''].join('\n'))
  const url = await bed.emptyUrl()
  const children: ChildProcess[] = []
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')))

  const onrecord = ['node', join(root, 'src/cli/main.ts'), '-C', dir]
  /** A container's process; on loopback and a free port, and with this database. */
  const start = (name: string, words: readonly string[], port = '0') => {
    const { environment } = service(name)
    expect(environment['DATABASE_URL']).toBe('postgres://onrecord@database:5432/onrecord')
    const env = { ...environment, DATABASE_URL: url, HOST: '127.0.0.1', TRUST_PROXY: '1', PORT: port }
    const [program = '', ...args] = words
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    const ended = new Promise<number | string | null>((done) =>
      child.once('close', (code, signal) => done(code ?? signal)),
    )
    const running = { child, ended, said: '' }
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (running.said += String(text)))
    return running
  }
  const run = (name: string) => start(name, [...onrecord, ...service(name).command])
  let port = ''
  const probe = async (name: string): Promise<number | string | null> => {
    const { healthcheck } = service(name)
    if ('disable' in healthcheck) throw new Error(`${name} has no probe`)
    const [, program = '', ...args] = healthcheck.test
    const begun = performance.now()
    const status = await start(
      name,
      program === 'onrecord' ? [...onrecord, ...args] : [program, ...args],
      port,
    ).ended
    expect(performance.now() - begun).toBeLessThan(secondsOf(healthcheck.timeout) * 1_000)
    return status
  }
  const probes = () => Promise.all([probe('site'), probe('worker')])

  const migrate = run('migrate')
  expect([await migrate.ended, migrate.said]).toEqual([0, expect.stringContaining('up to date')])
  expect(await probe('worker')).toBe(1)
  const site = run('site')
  const workers = [run('worker'), run('worker')]
  await until(
    'they are there',
    () =>
      workers.every(({ said }) => said.includes('looks for what is due')) &&
      /127\.0\.0\.1:\d+/.test(site.said),
  )
  port = /127\.0\.0\.1:(\d+)/.exec(site.said)?.[1] ?? ''
  expect(await probes()).toEqual([0, 0])
  expect(await hasWorkerHere(url, 'real', { host: 'another-container' })).toBe(false)

  // What the site said of itself holds for two seconds.
  await bed.restart(() => until('both say so', async () => (await probes()).every((status) => status === 1)))
  await until('they are there again', async () => (await probes()).every((status) => status === 0))

  const asked = performance.now()
  for (const { child } of [site, ...workers]) child.kill('SIGTERM')
  expect(await Promise.all([site, ...workers].map(({ ended }) => ended))).toEqual([0, 0, 0])
  expect(performance.now() - asked).toBeLessThan(secondsOf(service('site').stop_grace_period ?? '') * 1_000)
  expect(await probe('worker')).toBe(1)
}, 60_000)
