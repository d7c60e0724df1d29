import { createRequire } from 'node:module'
import type mjml2html from 'mjml'
import { collapseSpace } from './collapse-space.ts'

/** One complaint of MJML about the template. */
export interface MjmlError {
  readonly tag: string
  readonly message: string
}

export type CompiledMjml =
  | { readonly html: string; readonly errors: null }
  | { readonly html: null; readonly errors: readonly MjmlError[] }

/**
 * MJML to the HTML of a mail: validated strictly, includes off, no outside fonts. Minified by
 * `collapseSpace` instead of mjml's `minify`: htmlnano costs half a second on a cold start, and looks for
 * `htmlnano.config.js` in the working directory and runs it.
 */
export async function compileMjml(mjml: string): Promise<CompiledMjml> {
  try {
    const { html } = await loadMjml()(mjml, {
      validationLevel: 'strict',
      ignoreIncludes: true,
      useMjmlConfigOptions: false,
      fonts: {},
      minify: false,
      keepComments: false,
    })
    return { html: collapseSpace(html), errors: null }
  } catch (error) {
    return { html: null, errors: complaints(error) }
  }
}

/**
 * mjml-core reads `.mjmlconfig` in the working directory while it is loaded, and runs the packages it
 * names. Loading is synchronous, so that nobody else sees this folder stand in for the working one.
 */
function loadMjml(): typeof mjml2html {
  const workingDirectory = process.cwd
  process.cwd = () => import.meta.dirname
  try {
    const loaded: typeof mjml2html | { default: typeof mjml2html } = createRequire(import.meta.url)('mjml')
    return 'default' in loaded ? loaded.default : loaded
  } finally {
    process.cwd = workingDirectory
  }
}

function complaints(error: unknown): MjmlError[] {
  const listed: unknown = Reflect.get(Object(error), 'errors')
  const errors = (Array.isArray(listed) ? listed : []).map((each: unknown) => ({
    tag: String(Reflect.get(Object(each), 'tagName') ?? ''),
    message: String(Reflect.get(Object(each), 'message') ?? ''),
  }))
  if (errors.length > 0) return errors
  return [{ tag: '', message: error instanceof Error ? error.message : String(error) }]
}
