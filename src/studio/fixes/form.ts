import { parseEdtf } from '../../brief/edtf.ts'
import type { Finding } from '../../core/finding.ts'
import { isEnglish } from '../../desk/own-prose.ts'
import { plans } from '../frontmatter-fields.ts'
import { setInFrontmatter } from '../frontmatter-edit.ts'
import { afterLine, lineStart, splice } from '../text-edit.ts'
import { replacing, type FixWorld, type Proposal } from './fix.ts'
import { addField, removeWaiver, setScalar } from './ledger-edit.ts'
import { entryAt, offsetAt, stretchAt } from './places.ts'

/** Writes the name that was meant, where a rule says which: of a key, a directive, a newsletter, a likelihood. */
export function spellingFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const meant = /^did you mean “(.+)”\?$/u.exec(finding.hint ?? '')?.[1]
  const text = world.text(finding.file)
  const stretch = text === null ? null : stretchAt(text, finding)
  if (text === null || stretch === null || meant === undefined || finding.rule === 'DC301') return []
  // The rules quote what is wrong; it has to stand there once.
  for (const [, written = ''] of finding.message.matchAll(/“([^“”]+)”/gu)) {
    const raw = text.slice(stretch.from, Math.max(stretch.to, afterLine(text, stretch.from)))
    const at = raw.indexOf(written)
    if (at === -1 || written === meant || raw.indexOf(written, at + 1) !== -1) continue
    const from = stretch.from + at
    const edit = { from, to: from + written.length, insert: meant }
    return [replacing(finding.file, `Write “${meant}”`, text, [edit], 'spelling')]
  }
  return []
}

/** Gives a heading the level that follows on the one before (DC806). */
export function headingFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const marks = /^begin (?:it|this heading) with “(#+)”$/u.exec(finding.hint ?? '')?.[1]
  const text = world.text(finding.file)
  const from = text === null ? null : offsetAt(text, finding)
  const written = text === null || from === null ? null : /^#+(?= )/u.exec(text.slice(from, from + 10))
  if (text === null || from === null || written === null || marks === undefined) return []
  const edit = { from, to: from + written[0].length, insert: marks }
  return [replacing(finding.file, `Make it a heading of level ${marks.length}`, text, [edit], 'level')]
}

/** Describes an image (DC807). */
export function altFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const text = world.text(file)
  const stretch = text === null ? null : stretchAt(text, finding)
  if (text === null || stretch === null) return []
  const asked = { id: 'alt', label: 'Describe the image', asks: 'description', file } as const
  const empty = /^!\[\s*\]/u.exec(text.slice(stretch.from, stretch.to))
  if (empty !== null) {
    const to = stretch.from + empty[0].length
    const write = (answer: string): string | null => {
      const alt = oneLine(answer).replace(/[\\[\]*_`<>&!]/gu, '\\$&')
      return alt === '' ? null : splice(text, [{ from: stretch.from, to, insert: `![${alt}]` }])
    }
    return [{ ...asked, write }]
  }
  const order = plans.brief.map(({ key }) => key)
  return [
    {
      ...asked,
      write: (answer) =>
        oneLine(answer) === '' ? null : setInFrontmatter(text, ['image', 'alt'], oneLine(answer), order),
    },
  ]
}

/** Writes the day that “yesterday” is, by the date of the brief (DC606). */
export function relativeTimeFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const stretch = text === null ? null : stretchAt(text, finding)
  const { issue } = world.checked
  if (text === null || stretch === null || issue === null || !isEnglish(issue.lang)) return []
  const written = text.slice(stretch.from, stretch.to)
  const shift = { yesterday: -1, today: 0, tonight: 0, tomorrow: 1 }[written.toLowerCase()]
  // “Yesterday’s vote” is not “on 13 November’s vote”.
  if (shift === undefined || /^['’]/u.test(text.slice(stretch.to))) return []
  const own = issue.briefs.find(({ file }) => file === finding.file)?.meta.date
  const day = dayOf(own) ?? dayOf(issue.meta.date)
  if (day === null) return []
  const words = new Date(day + shift * 86_400_000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
  const insert = `${written.startsWith(written.charAt(0).toUpperCase()) ? 'On' : 'on'} ${words}`
  return [replacing(finding.file, `Write “${insert}”`, text, [{ ...stretch, insert }], 'day')]
}

function dayOf(date: string | undefined): number | null {
  const read = date === undefined ? null : parseEdtf(date)
  if (read === null || read.month === null || read.day === null) return null
  return Date.UTC(read.year, read.month - 1, read.day)
}

/** Takes out a waiver that covers nothing, or may not be (DC705). */
export function idleWaiverFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const stretch = text === null ? null : stretchAt(text, finding)
  if (text === null || stretch === null || finding.message.includes('no rule “')) return []
  const label = 'Remove the waiver'
  if (text.startsWith('<!--', stretch.from)) {
    const from = lineStart(text, stretch.from)
    const to = afterLine(text, stretch.to)
    if (text.slice(from, stretch.from).trim() !== '') return []
    // Of the two empty lines around it, one.
    const rest = /^[ \t]*\n/u.exec(text.slice(to))?.[0].length ?? 0
    return [replacing(finding.file, label, text, [{ from, to: to + rest, insert: '' }], 'remove')]
  }
  const entry = entryAt(world, finding)?.id ?? null
  const edit = removeWaiver(finding.file, text, entry, stretch.from)
  return edit === null ? [] : [replacing(finding.file, label, text, [edit], 'remove')]
}

/** Writes a fence as it has to be (DC804). */
export function fenceFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const from = text === null ? null : offsetAt(text, { line: finding.line, column: 1 })
  if (text === null || from === null) return []
  const end = text.indexOf('\n', from)
  const to = end === -1 ? text.length : end
  const line = text.slice(from, to)
  const mended = line
    .replace(/^( {0,3}:{2,})[ \t]+(?=[a-z])/u, '$1')
    .replace(/^( {0,3}:{2,}[a-z]+)[ \t]+(?=\{)/u, '$1')
    .replace(/(?<==)[“”„‟]([^"“”„‟]*)[“”„‟]/gu, '"$1"')
  // A members’ section without its teaser would be the next mistake, and only a person can write one.
  if (mended === line || /^ {0,3}:{3,}members[ \t]*$/u.test(mended)) return []
  return [
    replacing(finding.file, 'Write the fence as it has to be', text, [{ from, to, insert: mended }], 'fence'),
  ]
}

/** Puts https:// before an address that lacks it (DC811, DC103). */
export function addressFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const text = world.text(finding.file)
  const stretch = text === null ? null : stretchAt(text, finding)
  if (text === null || stretch === null) return []
  const raw = text.slice(stretch.from, stretch.to)
  const bare = /(?<![\w/.:-])(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/?#)\s"']|$)/giu
  const found = [...raw.matchAll(bare)]
  const [only] = found
  if (
    only === undefined ||
    found.length > 1 ||
    !/address|https/u.test(`${finding.message} ${finding.hint ?? ''}`)
  )
    return []
  const at = stretch.from + only.index
  return [
    replacing(
      finding.file,
      'Begin the address with https://',
      text,
      [{ from: at, to: at, insert: 'https://' }],
      'https',
    ),
  ]
}

/** Mends an entry of the ledger: that it was read and not cited (DC102), and when (DC103). */
export function entryFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file, message, rule } = finding
  const text = world.text(file)
  const source = entryAt(world, finding)
  if (text === null || source === null) return []
  if (rule === 'DC102') {
    const edit = addField(file, text, source.id, 'consulted', 'true')
    const label = 'Say that it was read, and not cited'
    return edit === null ? [] : [replacing(file, label, text, [edit], 'consulted')]
  }
  if (!message.includes('accessed') && !message.startsWith('It is not known when')) return []
  const day = world.today
  const edit =
    setScalar(file, text, source.id, ['accessed'], day) ?? addField(file, text, source.id, 'accessed', day)
  const label = `Say that it was read today, ${day}`
  return edit === null ? [] : [replacing(file, label, text, [edit], 'accessed')]
}

/** Writes the title of an entry that was made of an address alone (DC105). */
export function titleFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file } = finding
  const text = world.text(file)
  const source = entryAt(world, finding)
  if (text === null || source === null) return []
  const write = (answer: string): string | null => {
    const title = oneLine(answer)
    const edit = title === '' ? null : setScalar(file, text, source.id, ['title'], title)
    return edit === null ? null : splice(text, [edit])
  }
  return [{ id: 'title', label: 'Write its title', asks: 'title', file, write }]
}

/** Keeps a copy of a source’s page (DC703): not a change of the text, so that the page asks for it elsewhere. */
export function copyOf(finding: Finding, world: FixWorld): Proposal | null {
  const source = entryAt(world, finding)
  if (source === null || source.url === null) return null
  return {
    id: `copy:${source.id}`,
    label: 'Keep a copy of the page',
    asks: null,
    file: finding.file,
    write: () => null,
  }
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s\u2028\u2029]+/gu, ' ').trim()
}
