import { basename } from 'node:path'
import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { listIssues } from '../../issue/load.ts'
import type { FrontmatterForm } from '../contract/frontmatter.ts'
import type { Surface } from '../deps.ts'
import { plans, type FrontmatterOf } from '../frontmatter-fields.ts'
import { readForm } from '../frontmatter-form.ts'
import { createSettings } from '../settings-file.ts'
import { createVocabulary } from '../vocabulary.ts'
import { bodyOf, noIssue } from './answer.ts'

const requestSchema = z.object({
  path: z.string(),
  text: z.string().max(1024 * 1024),
  set: z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string()), z.null()])),
})

/** Frontmatter as a form. Reads no file and writes none: the text is the editor’s. */
export const frontmatter: Surface = (app, { deps, files }) => {
  const settings = createSettings(deps.root)
  const words = createVocabulary(deps.root)
  app.post('/api/frontmatter', async (c) => {
    const { path, text, set } = await bodyOf(c, requestSchema)
    const { issue, of } = placeOf(deps.root, path)
    const unknown = Object.keys(set).find((key) => !plans[of].some((each) => each.key === key))
    if (unknown !== undefined) throw new OnrecordError('usage', `The form has no field “${unknown}”.`)
    const publication = await settings()
    const form = readForm(path, of, text.replace(/\r\n?/g, '\n'), set, {
      ...(await words()),
      newsletters: Object.fromEntries(
        Object.entries(publication?.newsletters ?? {}).map(([key, { name }]) => [key, name]),
      ),
      tiers: publication?.tiers ?? { subscriber: 'Subscriber', member: 'Member' },
      briefs: ((await files.list(issue)) ?? [])
        .filter(({ kind }) => kind === 'brief')
        .map((each) => basename(each.path, '.md')),
    })
    return c.json<FrontmatterForm>(form)
  })
}

function placeOf(root: string, path: string): { readonly issue: string; readonly of: FrontmatterOf } {
  const [, issue = '', name] = /^briefs\/([a-z0-9-]+)(?:\/([^/]+))?\.md$/u.exec(path) ?? []
  if (!listIssues(root).includes(issue)) return noIssue(issue)
  return { issue, of: name === undefined ? 'single' : name === 'issue' ? 'issue' : 'brief' }
}
