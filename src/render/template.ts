import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import Handlebars from 'handlebars'
import { finding, startOf, type Finding } from '../core/finding.ts'
import { formatDate } from './date.ts'
import { lookFolders } from './look-folders.ts'
import { choiceMarks, optionalSlots, slotMark, slotNames } from './slots.ts'
import { complaint } from './template-complaint.ts'

export type Medium = 'email' | 'text' | 'web'

/** A look, compiled: what `templates/<name>/` holds, and for what it has not, the look that it extends. */
export interface Template {
  /** The folder's name: `weekly`. */
  readonly name: string
  /** SHA-256 over the files it is made of, those of a look that it extends included, hex: which version of the look it is. */
  readonly hash: string
  /** What does not compile (DC816), all at once; `render` refuses then. */
  readonly findings: readonly Finding[]
  /** Runs `issue.mjml.hbs`, `issue.txt.hbs` or `issue.html.hbs`. @throws TemplateError */
  run(medium: Medium, view: object): string
  /** Runs one partial. @throws TemplateError */
  partial(medium: Medium, name: string, data: object): string
  has(medium: Medium, partial: string): boolean
  /** Runs a page of the site, `web/pages/<name>.html.hbs`. @throws TemplateError */
  page(name: string, view: object): string
  /** Runs `letters/<name>.html.hbs` or `.txt.hbs`; null: the look has none. @throws TemplateError */
  letter(medium: 'email' | 'text', name: string, view: object): string | null
  /** The pages that the look has; those it lacks are taken from the look that comes with the program. */
  readonly pages: ReadonlySet<string>
  /** Files of `web/pages/` that are served as they are: `site.js`. */
  readonly assets: ReadonlyMap<string, string>
  /** The first line of the e-mail's files that holds `text`, for what MJML complains about. */
  locate(text: string): { readonly file: string; readonly line: number }
}

/** A template that failed while it ran. */
export class TemplateError extends Error {
  readonly finding: Finding

  constructor(found: Finding) {
    super(found.message)
    this.name = 'TemplateError'
    this.finding = found
  }
}

interface File {
  /** For people: `templates/weekly/email/partials/brief.hbs`. */
  readonly path: string
  readonly source: string
}

const roots: Readonly<Record<Medium, string>> = {
  email: 'issue.mjml.hbs',
  text: 'issue.txt.hbs',
  web: 'issue.html.hbs',
}

/** Before the name of a page, so that it is none of a partial: there is a brief page and a brief partial. */
const PAGE = 'page/'

/** Before the name of a letter or of a part of one: `{{> letter/dark}}`. */
const LETTER = 'letter/'

/**
 * Reads and compiles the look in `dir`; a file that it has not is taken from the look it extends
 * (`look.yaml`). Never throws for what is in the files: see `findings`.
 */
export async function loadTemplate(dir: string): Promise<Template> {
  const name = basename(dir)
  const findings: Finding[] = []
  const folders = await lookFolders(dir, findings)
  const media = new Map<Medium, CompiledMedium>()
  for (const medium of ['email', 'text', 'web'] as const) {
    const files = overlaid(await Promise.all(folders.map((folder) => readMedium(folder, medium))))
    if (!files.has('issue')) {
      const path = `templates/${name}/${medium}/${roots[medium]}`
      findings.push(
        finding('DC816', startOf(path), `The look “${name}” has no file ${medium}/${roots[medium]}.`),
      )
    }
    media.set(medium, compileMedium(medium, files, findings))
  }
  const pages = [...(media.get('web')?.runs.keys() ?? [])].flatMap((each) =>
    each.startsWith(PAGE) ? [each.slice(PAGE.length)] : [],
  )
  const compiled = (medium: Medium, partial: string): Run => {
    const run = media.get(medium)?.runs.get(partial)
    if (run !== undefined) return run
    const place = startOf(`templates/${name}/${medium}/partials/${partial}.hbs`)
    throw new TemplateError(
      finding('DC816', place, `The look “${name}” has no partial “${partial}” for ${medium}.`),
    )
  }
  return {
    name,
    hash: hashOf([...media.values()]),
    findings,
    run: (medium, view) => compiled(medium, 'issue')(view),
    partial: (medium, partial, data) => compiled(medium, partial)(data),
    has: (medium, partial) => media.get(medium)?.runs.has(partial) ?? false,
    page: (page, view) => compiled('web', PAGE + page)(view),
    letter: (medium, letter, view) => media.get(medium)?.runs.get(LETTER + letter)?.(view) ?? null,
    pages: new Set(pages),
    assets: overlaid(await Promise.all(folders.map((folder) => readAssets(join(folder, 'web', 'pages'))))),
    locate: (text) => locate(media.get('email')?.files ?? new Map(), text, name),
  }
}

/** What stands in the first of `layers`, and in those behind it under other names. */
function overlaid<T>(layers: readonly ReadonlyMap<string, T>[]): Map<string, T> {
  return new Map(layers.toReversed().flatMap((layer) => [...layer]))
}

/** The root as `issue`, the style sheet as `style`, each partial by its file's name. */
async function readMedium(dir: string, medium: Medium): Promise<Map<string, File>> {
  const look = basename(dir)
  const files = new Map<string, File>()
  const read = async (name: string, path: string, folder: string = medium): Promise<void> => {
    const source = await readFile(join(dir, folder, path), 'utf8').catch(() => null)
    if (source !== null) files.set(name, { path: `templates/${look}/${folder}/${path}`, source })
  }
  const partials = await readdir(join(dir, medium, 'partials')).catch(() => [])
  const pages = medium === 'web' ? await readdir(join(dir, medium, 'pages')).catch(() => []) : []
  const letters = medium === 'web' ? [] : await readdir(join(dir, 'letters')).catch(() => [])
  const ending = medium === 'text' ? '.txt.hbs' : '.html.hbs'
  await Promise.all([
    read('issue', roots[medium]),
    read('style', 'style.css.hbs'),
    ...partials
      .filter((each) => each.endsWith('.hbs'))
      .map((each) => read(each.slice(0, -'.hbs'.length), `partials/${each}`)),
    ...pages
      .filter((each) => each.endsWith('.hbs'))
      .map((each) => read(PAGE + each.replace(/\.(html|css)\.hbs$/, ''), `pages/${each}`)),
    ...letters
      .filter((each) => each.endsWith(ending))
      .map((each) => read(LETTER + each.slice(0, -ending.length), each, 'letters')),
  ])
  return files
}

async function readAssets(dir: string): Promise<Map<string, string>> {
  const names = await readdir(dir).catch(() => [])
  const scripts = names.filter((name) => name.endsWith('.js')).toSorted()
  return new Map(
    await Promise.all(scripts.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const)),
  )
}

function hashOf(media: readonly CompiledMedium[]): string {
  const files = media.flatMap(({ files }) => [...files.values()])
  const sorted = files
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, source }) => [path, source])
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}

type Run = (data: object, options?: Handlebars.RuntimeOptions) => string

interface CompiledMedium {
  readonly files: ReadonlyMap<string, File>
  readonly runs: ReadonlyMap<string, Run>
}

/** Each medium has a Handlebars of its own, with a closed set of helpers and no prototype access. */
function compileMedium(
  medium: Medium,
  files: ReadonlyMap<string, File>,
  findings: Finding[],
): CompiledMedium {
  const handlebars = Handlebars.create()
  handlebars.unregisterHelper('log')
  handlebars.unregisterHelper('blockHelperMissing')
  handlebars.unregisterHelper('helperMissing')
  for (const [name, helper] of Object.entries(helpers)) handlebars.registerHelper(name, helper)
  const known = Object.fromEntries(Object.keys(helpers).map((name) => [name, true]))
  const runs = new Map<string, Run>()
  /** Whose lines are being run. */
  let running: File | null = null
  for (const [name, file] of files) {
    try {
      const compile = handlebars.compile(handlebars.parse(file.source), {
        strict: true,
        knownHelpers: { ...known, log: false },
        knownHelpersOnly: true,
        // Plain text has no markup to escape for.
        noEscape: medium === 'text',
      })
      const run: Run = (data, options) => {
        const caller = running
        running = file
        if (caller !== null) nameBlock(options, caller)
        try {
          return compile(data, {
            ...options,
            allowProtoPropertiesByDefault: false,
            allowProtoMethodsByDefault: false,
          })
        } catch (error) {
          throw error instanceof TemplateError ? error : new TemplateError(complaint(file, error))
        } finally {
          running = caller
        }
      }
      runs.set(name, run)
      // Handlebars calls a partial that is a function as it is, which keeps the file's name with its errors.
      handlebars.registerPartial(name, run as Handlebars.TemplateDelegate)
    } catch (error) {
      findings.push(complaint(file, error))
    }
  }
  return { files, runs }
}

/** What stands between `{{#> layout}}` and `{{/layout}}` is run by the layout; a mistake in it is `caller`'s. */
function nameBlock(options: Handlebars.RuntimeOptions | undefined, caller: File): void {
  const data: { 'partial-block'?: unknown } = options?.data ?? {}
  const block = data['partial-block']
  if (typeof block !== 'function') return
  data['partial-block'] = (...given: unknown[]): unknown => {
    try {
      return block(...given)
    } catch (error) {
      throw error instanceof TemplateError ? error : new TemplateError(complaint(caller, error))
    }
  }
}

/** The helpers beside `if`, `unless`, `each`, `with` and `lookup`; templates/weekly/README.md lists them. */
const helpers: Readonly<Record<string, Handlebars.HelperDelegate>> = {
  slot: (name: unknown) => {
    const slot = slotNames.find((each) => each === name)
    if (slot === undefined)
      throw new Error(`there is no slot “${String(name)}”; there are ${slotNames.join(', ')}`)
    return slotMark(slot)
  },
  present(this: unknown, name: unknown, options: Handlebars.HelperOptions) {
    const slot = optionalSlots.find((each) => each === name)
    if (slot === undefined)
      throw new Error(
        `“present” asks for “${String(name)}”; only ${optionalSlots.join(' and ')} may be missing`,
      )
    return choiceMarks(slot, options.fn(this), options.inverse(this))
  },
  eq: (a: unknown, b: unknown) => a === b,
  plural: (count: unknown, one: unknown, many: unknown) => (count === 1 ? one : many),
  or: (a: unknown, b: unknown) => a || b,
  odd: (index: unknown) => Number(index) % 2 === 1,
  day: (date: unknown, lang: unknown) => formatDate(String(date).replace(/T.*$/, ''), String(lang)),
}

function locate(
  files: ReadonlyMap<string, File>,
  text: string,
  look: string,
): { file: string; line: number } {
  for (const { path, source } of files.values()) {
    const at = text === '' ? -1 : source.indexOf(text)
    if (at >= 0) return { file: path, line: source.slice(0, at).split('\n').length }
  }
  return { file: `templates/${look}/email/${roots.email}`, line: 1 }
}
