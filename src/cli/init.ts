import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { randomToken } from '../core/token.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { dayIn, weekOf } from '../core/day.ts'
import { envText } from './scaffold/env.ts'
import { ignored, publicationText } from './scaffold/publication.ts'
import { sampleIssue } from './scaffold/sample.ts'

/** What `init` takes from the machine; a test brings its own. */
interface Machine {
  readonly clock: Clock
  readonly timeZone: string
}

const here: Machine = { clock: systemClock, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }

/** `templates/` of the package, from `src/cli` and from `dist/cli` alike: its looks are copied all. */
const templates = join(import.meta.dirname, '..', '..', 'templates')

/**
 * `onrecord init [dir]`: a new publication in `dir`, or in the current folder. Nothing that exists is
 * written over: a folder that holds one of its files is refused before anything is made.
 *
 * @throws OnrecordError `refused`, naming the files in the way
 */
export async function run(
  context: Context,
  options: { readonly dir: string | null },
  machine: Machine = here,
): Promise<ExitCode> {
  const root = resolve(context.cwd, options.dir ?? context.options.dir ?? '.')
  if (existsSync(root) && !statSync(root).isDirectory())
    throw new OnrecordError('refused', `${root} is a file.`, {
      hint: 'name a folder that is empty or does not exist',
    })

  const day = dayIn(machine.timeZone, machine.clock.now())
  const issue = join('briefs', weekOf(day))
  const sample = Object.entries(sampleIssue(day)).map(([name, text]) => [join(issue, name), text] as const)
  const files = new Map([['onrecord.yaml', publicationText(machine.timeZone)], ...sample])
  const looks = readdirSync(templates).map((name) => join('templates', name))
  refuseToOverwrite(root, [...files.keys(), '.env', ...looks])

  for (const [name, text] of files) write(root, name, text)
  write(root, '.env', envText({ SECRET_KEY: randomToken() }), 0o600)
  ignore(join(root, '.gitignore'))
  for (const name of looks)
    cpSync(join(templates, '..', name), join(root, name), {
      recursive: true,
      errorOnExist: true,
      force: false,
    })

  const made = [...files.keys(), '.env', '.gitignore', ...looks.map((name) => `${name}/`)]
  if (context.options.json) context.print(JSON.stringify({ dir: root, files: made }, null, 2))
  else context.print(whatNext(context.cwd, root, made))
  return exit.done
}

function refuseToOverwrite(root: string, names: readonly string[]): void {
  const inTheWay = names.filter((name) => existsSync(join(root, name)))
  const briefs = join(root, 'briefs')
  const others = existsSync(briefs) ? readdirSync(briefs).map((name) => join('briefs', name)) : []
  const found = [...new Set([...inTheWay, ...others])]
  if (found.length === 0) return
  throw new OnrecordError(
    'refused',
    `There is a publication in ${root} already; these would be written over or mixed up: ${found.join(', ')}.`,
    { hint: 'name an empty folder: onrecord init my-brief' },
  )
}

/** Adds what is missing to `.gitignore`: a repository often has one before its publication. */
function ignore(file: string): void {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const known = new Set(before.split(/\r?\n/).map((line) => line.trim()))
  const missing = ignored.filter((each) => !known.has(each))
  const gap = before === '' || before.endsWith('\n') ? '' : '\n'
  if (missing.length > 0) writeFileSync(file, `${before}${gap}${missing.join('\n')}\n`)
}

function write(root: string, name: string, text: string, mode = 0o644): void {
  const file = join(root, name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx', mode })
}

/** How the person who called us can call us again from `cwd`: npx finds what is installed in or above it. */
function programIn(cwd: string): string {
  const home = fileURLToPath(new URL('../..', import.meta.url))
  const project = home.split(/[\\/]node_modules[\\/]/)[0] ?? home
  return isWithin(cwd, project) ? 'npx onrecord' : 'onrecord'
}

function isWithin(folder: string, parent: string): boolean {
  const path = relative(parent, folder)
  return path === '' || (!path.startsWith('..') && !isAbsolute(path))
}

function whatNext(cwd: string, root: string, made: readonly string[]): string {
  const path = relative(cwd, root)
  const there = path === '' ? '' : ` -C ${/^[\w./-]+$/.test(path) ? path : JSON.stringify(path)}`
  const onrecord = `${programIn(cwd)}${there}`
  const steps = [
    [`${onrecord} preview`, 'see the sample issue as each reader will get it'],
    [`${onrecord} new issue "Your title"`, 'begin one of your own'],
    [`${onrecord} check`, 'what a copy desk would say'],
  ] as const
  const width = Math.max(...steps.map(([command]) => command.length)) + 3
  return [
    `A new publication is in ${root}:`,
    ...made.map((name) => `  ${name}`),
    '',
    'Next:',
    ...steps.map(([command, does]) => `  ${command.padEnd(width)}${does}`),
  ].join('\n')
}
