// What a page view costs, beside hono's own hello world in the same run:
//   npm run bench -- site [--quick] [--write]
// Every run of a page stands between two of hello world. `--write` puts what it prints into docs/performance.md.
import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { replaceMarked } from '../../scripts/marked.ts'
import { median, spread } from '../spread.ts'
import { ask } from './load.ts'

const root = join(import.meta.dirname, '../..')
const issue = '2025-w46'
const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
})
const rounds = values.quick ? 3 : 5
const requests = values.quick ? 3_000 : 6_000
const printed: string[] = []
let missed = 0

interface Started {
  readonly child: ChildProcess
  readonly port: number
  readonly session: string
}
interface Used {
  readonly cpuSeconds: number
  readonly heap: number
  readonly rss: number
}
interface View {
  readonly name: string
  readonly path: string
  readonly headers?: string
  /** Each request comes from another network. */
  readonly networks?: boolean
  readonly status?: number
  /** Of the rate of hello world, at least. */
  readonly bar?: number
  /** Views a second of one core, at least. */
  readonly least?: number
}

const folder = publication()
const hello = await start('hello')
const site = await start('site', folder)
try {
  print(
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0]?.model ?? 'unknown processor'}, ` +
      `${cpus().length} cores, Node ${process.version}; medians of ${rounds} runs of ${requests.toLocaleString('en-GB')} requests\n`,
  )
  await views()
  await memory()
} finally {
  for (const { child } of [hello, site]) child.disconnect()
  rmSync(folder, { recursive: true })
}
if (values.write) replaceMarked(join(root, 'docs/performance.md'), 'site', printed.join('\n'))
process.exitCode = missed === 0 ? 0 : 1

async function views(): Promise<void> {
  const cookie = `Cookie: reader=${site.session}\r\n`
  const compared: readonly View[] = [
    { name: 'front page', path: '/', bar: 0.4, least: 2_000 },
    {
      name: 'front page, as the browser has it (304)',
      path: '/',
      headers: await known('/'),
      status: 304,
      bar: 0.4,
    },
    { name: 'issue, public', path: `/issues/${issue}`, bar: 0.2 },
    { name: 'issue, a subscriber’s session', path: `/issues/${issue}`, headers: cookie, bar: 0.2 },
    { name: 'sources.json', path: `/issues/${issue}/sources.json` },
    { name: 'search, never kept', path: '/search?q=istanbul', networks: true },
  ]
  print(
    '| page | KB | views/s of one core (least–most) | ratio to hello world | bar |\n| --- | --- | --- | --- | --- |',
  )
  const measured: { view: View; rates: number[]; ratios: number[]; octets: number }[] = []
  const hellos: number[] = []
  await run(hello, { name: '', path: '/' }, 2_000)
  for (const view of compared) {
    await run(site, view, 1_000)
    const of = { view, rates: [] as number[], ratios: [] as number[], octets: 0 }
    measured.push(of)
    let before = await run(hello, { name: '', path: '/' }, requests)
    for (let round = 0; round < rounds; round++) {
      const page = await run(site, view, requests)
      const after = await run(hello, { name: '', path: '/' }, requests)
      of.rates.push(page.rate)
      of.ratios.push(page.rate / Math.sqrt(before.rate * after.rate))
      of.octets = page.octets
      hellos.push(after.rate)
      before = after
    }
  }
  print(`| hello world, hono’s | 0 | ${spread(hellos)} | 1 | |`)
  for (const { view, rates, ratios, octets } of measured)
    print(
      `| ${view.name} | ${(octets / 1_024).toFixed(0)} | ${spread(rates)} | ${spread(ratios, 2)} | ${verdict(view, rates, ratios)} |`,
    )
}

function verdict({ bar, least }: View, rates: readonly number[], ratios: readonly number[]): string {
  const bars = [
    ...(bar === undefined ? [] : [{ text: `≥ ${bar}`, held: median(ratios) >= bar }]),
    ...(least === undefined
      ? []
      : [{ text: `≥ ${least.toLocaleString('en-GB')}/s`, held: median(rates) >= least }]),
  ]
  missed += bars.filter(({ held }) => !held).length
  return bars.map(({ text, held }) => `${text}: ${held ? 'held' : '**missed**'}`).join('; ')
}

/** Pages, pages that are not there, searches of which none is asked twice: what is kept must not grow with them. */
async function memory(): Promise<void> {
  const total = values.quick ? 20_000 : 100_000
  const request = (number: number): string => {
    const paths = [
      '/',
      `/issues/${issue}`,
      `/nowhere/${number}`,
      `/search?q=talks${number}`,
      `/issues/x${number}`,
    ]
    const cookie =
      number % 3 === 0 ? `Cookie: reader=${number % 2 === 0 ? site.session : `made-up-${number}`}\r\n` : ''
    return line(paths[number % paths.length] ?? '/', cookie + network(number))
  }
  const part = total / 10
  const used: Used[] = []
  for (let done = 0; done < total; done += part) {
    await ask({
      port: site.port,
      requests: part,
      connections: 16,
      request: (n) => request(done + n),
      status: null,
    })
    used.push(await usage(site))
  }
  const megabytes = (octets: number | undefined): string => ((octets ?? 0) / 2 ** 20).toFixed(1)
  const [first, last] = [used[0], used.at(-1)]
  const flat = (last?.heap ?? Infinity) - (first?.heap ?? 0) < 5 * 2 ** 20
  if (!flat) missed++
  print(
    `\nMemory over ${total.toLocaleString('en-GB')} requests, of which two in five are for a page or a search that nobody asked for before: heap after the first ` +
      `tenth ${megabytes(first?.heap)} MB, after the last ${megabytes(last?.heap)} MB; resident ${megabytes(first?.rss)} and ` +
      `${megabytes(last?.rss)} MB; heap grows by less than 5 MB: ${flat ? 'held' : '**missed**'}`,
  )
}

/** The rate that one core would have: requests by the processor time that the server used. */
async function run(server: Started, view: View, count: number): Promise<{ rate: number; octets: number }> {
  const before = await usage(server)
  const request = line(view.path, view.headers ?? '')
  const fromNetworks = (n: number): string => line(view.path, network(n))
  const { octets } = await ask({
    port: server.port,
    requests: count,
    connections: 16,
    request: view.networks === true ? fromNetworks : () => request,
    status: view.status ?? 200,
  })
  const after = await usage(server)
  return { rate: count / (after.cpuSeconds - before.cpuSeconds), octets: octets / count }
}

/** So that nobody searches too often. */
function network(number: number): string {
  return `X-Forwarded-For: 10.${(number >> 8) % 256}.${number % 256}.1\r\n`
}

function line(path: string, headers: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`
}

async function known(path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${site.port}${path}`)
  await answer.body?.cancel()
  return `If-None-Match: ${answer.headers.get('ETag')}\r\n`
}

function usage({ child }: Started): Promise<Used> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as Used))
    child.send('usage')
  })
}

function start(...args: readonly string[]): Promise<Started> {
  const child = fork(join(import.meta.dirname, 'server-process.ts'), args, { execArgv: ['--expose-gc'] })
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ child, ...(message as { port: number; session: string }) }))
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)))
  })
}

/** The sample publication, with its issue published, in a folder of its own. */
function publication(): string {
  const dir = mkdtempSync(join(tmpdir(), 'onrecord-bench-site-'))
  for (const name of ['briefs', 'templates', 'onrecord.yaml'])
    cpSync(join(root, name), join(dir, name), { recursive: true })
  const main = join(root, 'src/cli/main.ts')
  execFileSync(process.execPath, [main, '-C', dir, '--quiet', 'publish', issue], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return dir
}

function print(text: string): void {
  console.log(text)
  printed.push(text)
}
