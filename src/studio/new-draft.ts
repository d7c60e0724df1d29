import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMap, isScalar, isSeq, parseDocument } from 'yaml'
import { placeholders } from '../brief/placeholders.ts'
import type { Clock } from '../core/clock.ts'
import { newBrief, newIssue, type DraftHome } from '../issue/new-draft.ts'
import type { MadeDraft } from './contract/draft.ts'
import type { EditorsFiles } from './draft-files.ts'

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
export function withBrief(text: string, name: string): string | null {
  const front = /^---(?:yaml)?[ \t]*\n([^]*?\n)---[ \t]*(?:\n|$)/u.exec(text)
  const yaml = front?.[1]
  if (front === null || yaml === undefined) return null
  const start = text.indexOf('\n') + 1
  const document = parseDocument(yaml, { schema: 'failsafe', prettyErrors: false })
  if (document.errors.length > 0 || !isMap(document.contents)) return null
  const list = document.contents.items.find(({ key }) => isScalar(key) && key.value === 'briefs')?.value
  if (list === undefined || (isScalar(list) && (list.value ?? '') === '')) return text
  const last = isSeq(list) ? list.items.at(-1) : undefined
  if (!isSeq(list) || !isScalar(last) || !last.range || !list.range) return null
  const [from, to] = last.range
  const insert = (at: number, words: string): string =>
    text.slice(0, start + at) + words + text.slice(start + at)
  if (list.flow === true) return insert(to, `, ${name}`)
  const line = yaml.lastIndexOf('\n', from - 1) + 1
  const lead = yaml.slice(line, from)
  const end = yaml.indexOf('\n', to)
  if (end === -1 || !/^[ \t]*-[ \t]+$/u.test(lead)) return null
  return insert(end + 1, `${lead}${name}\n`)
}
