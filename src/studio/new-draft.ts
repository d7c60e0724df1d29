import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { placeholders } from '../brief/placeholders.ts'
import type { Clock } from '../core/clock.ts'
import { parseYaml } from '../core/yaml.ts'
import { newBrief, newIssue, type DraftHome } from '../issue/new-draft.ts'
import type { MadeDraft } from './contract/draft.ts'
import type { EditorsFiles } from './draft-files.ts'
import { frontmatterRegion, setInFrontmatter } from './frontmatter-edit.ts'
import { plans } from './frontmatter-fields.ts'

/** Makes an issue, as `onrecord new issue` does; its brief is what is opened. */
export function makeIssue(
  home: DraftHome,
  wanted: { readonly title: string; readonly newsletter: string | null },
  clock: Clock,
): MadeDraft {
  const [own = '', brief = own] = newIssue(home, { ...wanted, template: null }, clock)
  return { issue: own.split('/')[1] ?? '', path: brief, begin: beginOf(home, brief), note: null }
}

/** Makes a brief, and puts it last in the list of issue.md where there is one. */
export async function makeBrief(
  home: DraftHome,
  files: EditorsFiles,
  wanted: { readonly title: string; readonly issue: string },
  clock: Clock,
): Promise<MadeDraft> {
  const path = newBrief(home, wanted, clock)
  const name = path.slice(path.lastIndexOf('/') + 1, -'.md'.length)
  const own = `briefs/${wanted.issue}/issue.md`
  const { text, hash } = await files.read(own)
  const made = { issue: wanted.issue, path, begin: beginOf(home, path) }
  const listed = withBrief(text, name)
  if (listed === text) return { ...made, note: null }
  const saved = listed === null ? null : await files.save({ path: own, text: listed, base: hash })
  const isListed = saved !== null && !('mine' in saved)
  const note = isListed
    ? null
    : `Add ${name} to “briefs:” in issue.md: what is not listed there does not appear.`
  return { ...made, note }
}

/** Where the words of a new brief are that its writer writes over. */
function beginOf({ root }: DraftHome, path: string): MadeDraft['begin'] {
  const words = placeholders.body
  const lines = readFileSync(join(root, path), 'utf8').split('\n')
  return { line: Math.max(0, lines.indexOf(words)) + 1, words }
}

/**
 * The text of an issue.md with one more brief at the end of its list; the same where there is no list, and null where
 * the list cannot be added to without disturbing what is around it.
 */
function withBrief(text: string, name: string): string | null {
  const region = frontmatterRegion(text)
  if (region === null) return null
  const { value, findings } = parseYaml(text.slice(region.from, region.to), '')
  if (findings.length > 0) return null
  const list: unknown = Reflect.get(Object(value), 'briefs')
  if (list === undefined || list === null || list === '') return text
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'string')) return null
  const order = plans.issue.map(({ key }) => key)
  return setInFrontmatter(text, ['briefs'], [...list, name], order)
}
