import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EditorState, type TransactionSpec } from '@codemirror/state'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  DraftConflict,
  DraftFiles,
  DraftText,
  MadeDraft,
  Saved,
} from '../../src/studio/contract/draft.ts'
import { isProse } from '../../src/studio/ui/screens/draft/completion-place.ts'
import { linesFromRight } from '../../src/studio/ui/screens/draft/editor-direction.ts'
import { emphasis } from '../../src/studio/ui/screens/draft/editor-emphasis.ts'
import { languageOf } from '../../src/studio/ui/screens/draft/editor-language.ts'
import { linkChange, pastedLink } from '../../src/studio/ui/screens/draft/editor-link.ts'
import { fitted, isRich } from '../../src/studio/ui/screens/draft/paste-rich-place.ts'
import { markdownOf } from '../../src/studio/ui/screens/draft/rich-text.ts'
import { openBed, type StudioBed } from './bed.ts'
import { fromDocs, fromWord } from './pasted-html.ts'
import { cpuTime } from '../cpu-time.ts'

const id = '2025-w46'
const brief = `briefs/${id}/istanbul-talks.md`

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const read = async (path: string): Promise<DraftText> =>
  (await (await bed.ask(`/api/file?path=${encodeURIComponent(path)}`)).json()) as DraftText

test('an issue lists its own file, its briefs in reading order and its ledger, with what a reader reads', async () => {
  const { files } = (await (await bed.ask(`/api/issues/${id}/files`)).json()) as DraftFiles
  expect(files.map(({ path, kind }) => `${kind} ${path.split('/').at(-1) ?? ''}`)).toEqual([
    'issue issue.md',
    'brief istanbul-talks.md',
    'brief paktika-strikes.md',
    'ledger sources.yaml',
  ])
  expect(files[1]?.title).toBe('Istanbul talks end without agreement')
  expect(files[1]?.words).toBeGreaterThan(700)
  expect(files[3]?.words).toBe(null)
  expect((await bed.ask('/api/issues/nowhere/files')).status).toBe(404)
})

test('a text is saved against the version it was read with, and against no other', async () => {
  const { text, hash } = await read(brief)
  const saved = await bed.send('PUT', '/api/file', { path: brief, text: `${text}More.\n`, base: hash })
  expect(saved.status).toBe(200)
  const { hash: next } = (await saved.json()) as Saved
  expect((await read(brief)).hash).toBe(next)
  const refused = await bed.send('PUT', '/api/file', { path: brief, text: 'Mine.', base: hash })
  expect(refused.status).toBe(409)
  const { mine, theirs } = (await refused.json()) as DraftConflict
  expect([mine, theirs]).toEqual(['Mine.', { text: `${text}More.\n`, hash: next }])
  expect(await readFile(join(bed.dir, brief), 'utf8')).toBe(`${text}More.\n`)
})

test('a new brief is the last of the list in issue.md, and a new issue is on the shelf', async () => {
  const made = (await (
    await bed.send('POST', `/api/issues/${id}/briefs`, { title: 'A third brief' })
  ).json()) as MadeDraft
  expect(made).toMatchObject({ issue: id, path: `briefs/${id}/a-third-brief.md`, note: null })
  const { line, words } = made.begin
  expect(words).toMatch(/^Write here\./)
  expect((await readFile(join(bed.dir, made.path), 'utf8')).split('\n')[line - 1]).toBe(words)
  expect(await readFile(join(bed.dir, `briefs/${id}/issue.md`), 'utf8')).toContain(
    'briefs: [istanbul-talks, paktika-strikes, a-third-brief]',
  )
  // Whatever it is called: the list says where it stands.
  const { files } = (await (await bed.ask(`/api/issues/${id}/files`)).json()) as DraftFiles
  expect(files.map(({ path }) => path).indexOf(made.path)).toBe(3)
  const issue = (await (
    await bed.send('POST', '/api/issues', { title: 'What the harbour costs', newsletter: null })
  ).json()) as MadeDraft
  expect(issue.begin).toEqual(made.begin)
  expect(issue.path).toBe('briefs/what-the-harbour-costs/brief.md')
  expect((await bed.ask(`/api/issues/${issue.issue}/files`)).status).toBe(200)
  expect((await bed.send('POST', '/api/issues', { title: ' ', newsletter: null })).status).toBe(400)
})

test('only the editors’ files are read and written', async () => {
  await writeFile(join(bed.dir, 'briefs', id, 'notes.txt'), 'Not a text of ours.')
  for (const path of [
    ...['onrecord.yaml', `briefs/${id}/notes.txt`, `briefs/${id}/../../onrecord.yaml`, '/etc/passwd', ''],
    ...[`briefs/${id}/../${id}/issue.md`, `briefs/${id}/images/a.md`, 'briefs/nowhere/issue.md'],
  ]) {
    expect([path, (await bed.ask(`/api/file?path=${encodeURIComponent(path)}`)).status]).toEqual([path, 404])
    const body = { path, text: 'x', base: null }
    expect([path, (await bed.send('PUT', '/api/file', body)).status]).toEqual([path, 404])
  }
})

const aBrief = { path: '', kind: 'brief', title: '', hash: null, words: null } as const

test('right behind an address or code it is prose, where a citation may stand; within them it is not', () => {
  const url = 'https://example.org/a'
  const isProseAt = (marked: string): boolean => {
    const state = EditorState.create({ doc: marked.replace('|', ''), extensions: languageOf(aBrief) })
    return isProse(state, marked.indexOf('|'))
  }
  for (const marked of [`See ${url}|`, `See <${url}>|.`, 'See `code`| here', `See [this](${url})|`])
    expect([marked, isProseAt(marked)]).toEqual([marked, true])
  for (const marked of ['See https://exam|ple.org/a', `See <${url}|>`, 'See `co|de`', `See [this](${url}|)`])
    expect([marked, isProseAt(marked)]).toEqual([marked, false])
})

test('a paragraph runs as its first letter does, whatever it cites, and a line of frontmatter by itself', () => {
  const doc = [
    ...[
      '---',
      'title: متأخر',
      'standfirst: >',
      '  قالت الوزارة',
      '---',
      '',
      '[@cna-1108] قالت',
      'Müller إن',
      '',
    ],
    ...['The ministry', 'قالت.', '', '## متأخر', 'Plain.', '- קול', '- Item'],
  ]
  const state = EditorState.create({ doc: doc.join('\n'), extensions: languageOf(aBrief) })
  expect(linesFromRight(state, { from: 0, to: state.doc.length })).toEqual([4, 7, 8, 9, 13, 15])
  // From the middle of a paragraph, too.
  expect(linesFromRight(state, { from: state.doc.line(8).from, to: state.doc.line(8).to })).toEqual([8])
})

/** What is between `|` is selected, or where one stands the cursor; so it is shown afterwards. */
function changed(marked: string, change: (state: EditorState) => TransactionSpec | null): string | null {
  const [before = '', selected = '', after = selected === '' ? '' : undefined] = marked.split('|')
  const isCursor = after === undefined
  const doc = isCursor ? before + selected : before + selected + after
  const state = EditorState.create({
    doc,
    selection: { anchor: before.length, head: isCursor ? before.length : before.length + selected.length },
    extensions: languageOf(aBrief),
  })
  const spec = change(state)
  if (spec === null) return null
  const next = state.update(spec).state
  const { from, to } = next.selection.main
  const text = String(next.doc)
  return `${text.slice(0, from)}|${text.slice(from, to)}${from === to ? '' : '|'}${text.slice(to)}`
}

const linked = (marked: string, url?: string): string | null =>
  changed(marked, (state) => (url === undefined ? linkChange(state) : pastedLink(state, url)))

test('an address that is pasted over words makes them a link, and over anything else takes their place', () => {
  const url = 'https://example.org/a'
  expect(linked('The |minister |spoke', url)).toBe(`The [minister](${url})| spoke`)
  expect(linked('The |minister| spoke', 'https://example.org/(a)')).toBe(
    'The [minister](<https://example.org/(a)>)| spoke',
  )
  for (const not of [
    'The |https://old.example/| spoke',
    'He |said [@x]| so',
    '`|code|`',
    'one|\n\n|two',
    'The [|minister| spoke](https://example.org/)',
    '![A |table|](images/a.png)',
  ])
    expect(linked(not, url)).toBe(null)
  expect(linked('The |minister| spoke', `${url} and more`)).toBe(null)
})

test('Ctrl+K makes a link of the word at the cursor or of what is selected, and leads to the address of one', () => {
  expect(linked('The mini|ster spoke')).toBe('The [minister](|) spoke')
  expect(linked('The |minister spoke|')).toBe('The [minister spoke](|)')
  expect(linked('See |https://example.org/|')).toBe('See [|](https://example.org/)')
  expect(linked('The [mini|ster](https://example.org/) spoke')).toBe(
    'The [minister](|https://example.org/|) spoke',
  )
  expect(linked('---\ntitle: A |title|\n---\n')).toBe(null)
  expect(linked('The [mini|ster]() spoke')).toBe(null)
})

test('Ctrl+B and Ctrl+I put their marks around words and take them away, each leaving the other’s', () => {
  const strong = (marked: string): string | null => changed(marked, (state) => emphasis(state, 2))
  const slanted = (marked: string): string | null => changed(marked, (state) => emphasis(state, 1))
  expect(strong('a |word| here')).toBe('a **|word|** here')
  expect(strong('a **|word|** here')).toBe('a |word| here')
  expect(strong('a |**word**| here')).toBe('a |word| here')
  expect(slanted('a **|word|** here')).toBe('a ***|word|*** here')
  expect(slanted('a ***|word|*** here')).toBe('a **|word|** here')
  expect(strong('a *|word|* here')).toBe('a ***|word|*** here')
  expect(strong('a | here')).toBe('a **|** here')
  expect(strong('a **|** here')).toBe('a | here')
  // What is at the two ends is no pair.
  expect(strong('|**a** b **c**|')).toBe('**|**a** b **c**|**')
  expect(slanted('|* one *two*|')).toBe('*|* one *two*|*')
})

test('what Google Docs copies comes as Markdown: its looks, lists and tables, no picture; a citation stays one', () => {
  expect(markdownOf(fromDocs)).toBe(`## The talks

They broke down on **Saturday** in *Istanbul*, [the paper says](<https://example.org/talks_(2025)?a=1&b=2>) [@daily, “at noon”] and https://a.example/x_y_z. 5 * 3 [sic].

### What comes next

- First
  - Inner
- **Second**

1. One
2. Two

A line\\
and the next

| Place | Toll \\| dead |
| --- | --- |
| Quay | 47 |`)
})

test('what is pasted loses no words, holds nothing up, and has links that end where they end', () => {
  const rows = (...cells: readonly string[]): string => cells.map((cell) => `<tr>${cell}</tr>`).join('')
  expect(markdownOf(`<table>${rows('<td>One</td>', '<td>Two</td>', '<td>Three</td>')}</table>`)).toBe(
    'One\n\nTwo\n\nThree',
  )
  expect(
    markdownOf(`<table>${rows('<th colspan="2">Tolls</th>', '<td>Quay</td><td>47</td>')}</table>`),
  ).toMatch(/Tolls[^]*Quay[^]*47/)
  expect(markdownOf('<a href="https://e.example/a>b(c) d">there</a>')).toBe(
    '[there](<https://e.example/a%3Eb(c)%20d>)',
  )
  for (const endless of ['<style ', '<a ', '<a b="', "<a b='"]) {
    const began = cpuTime()
    markdownOf(`a${endless.repeat(20_000)}`)
    expect(cpuTime() - began).toBeLessThan(2_000)
  }
})

test('what Word copies comes as Markdown: its lists too; nothing that runs, no comment and no style', () => {
  expect(markdownOf(fromWord)).toBe(`## The talks

They broke down on **Saturday** in *Istanbul*, [the paper says](https://example.org/talks) [@daily]. Nobody ***knows***.

- First
   - Inner
1. Second, over two lines

After it.[1] Run`)
})

test('only what says more than its plain text is taken as rich, and its blocks stand apart in the text', () => {
  expect([fromDocs, fromWord, '<p>One</p>'].map(isRich)).toEqual([true, true, true])
  const code = '<meta charset=\'utf-8\'><div style="color: #000; white-space: pre;"><b>x</b></div>'
  expect(['', "<meta charset='utf-8'><span>One</span>", code].map(isRich)).toEqual([false, false, false])
  const put = (doc: string, text: string): string => {
    const at = doc.indexOf('|')
    const state = EditorState.create({ doc: doc.replace('|', '') })
    return state.update({ changes: { from: at, insert: fitted(state, at, at, text) } }).newDoc.toString()
  }
  expect(put('A |b.', '**two**\n\nwords')).toBe('A **two**\n\nwordsb.')
  expect(put('A.|\nB.', '- one')).toBe('A.\n\n- one\n\nB.')
  expect(put('A.\n|B.', '## One')).toBe('A.\n\n## One\n\nB.')
})
