import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { settings } from '../src/settings.ts'

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
