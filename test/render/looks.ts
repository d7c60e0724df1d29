import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { loadTemplate, type Template } from '../../src/render/template.ts'

const templates = join(import.meta.dirname, '../../templates')

/** The looks that come with the program, compiled: what holds of one must hold of each. */
export const looks: readonly Template[] = await Promise.all(
  readdirSync(templates)
    .toSorted()
    .map((name) => loadTemplate(join(templates, name))),
)
