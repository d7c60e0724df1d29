import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { briefSchema, issueSchema, singleFileSchema } from '../../src/brief/schema.ts'
import type { FrontmatterForm } from '../../src/studio/contract/frontmatter.ts'
import { plans } from '../../src/studio/frontmatter-fields.ts'
import { openBed, type StudioBed } from './bed.ts'

let bed: StudioBed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

const path = 'briefs/2025-w46/istanbul-talks.md'

async function ask(text: string, set: Record<string, unknown> = {}, of = path) {
  const answer = await bed.send('POST', '/api/frontmatter', { path: of, text, set })
  return { status: answer.status, form: (await answer.json()) as FrontmatterForm }
}

const field = (form: FrontmatterForm, key: string) => form.fields.find((each) => each.key === key)

describe('the form', () => {
  test.each([
    ['issue', issueSchema],
    ['brief', briefSchema],
    ['single', singleFileSchema],
  ] as const)('of a file of kind “%s” has a field for each key of its schema, and no other', (of, schema) => {
    const keys = new Set(plans[of].map(({ key }) => key.split('.')[0]))
    expect([...keys].toSorted()).toEqual(Object.keys(schema.shape).toSorted())
  })

  test('of a brief has its values, what may be chosen, and what other briefs say', async () => {
    const text =
      '---\ntitle: Talks\nstandfirst: S\ndate: 2025-11-10\ntags: [peace]\naccess: member\n---\nBody\n'
    const { form } = await ask(text)
    expect(form.text).toBe(text)
    expect(form.broken).toBe(null)
    expect(field(form, 'title')).toMatchObject({
      value: 'Talks',
      required: true,
      problems: [],
      place: { file: path, line: 2, column: 1 },
    })
    expect(field(form, 'tags')).toMatchObject({ value: ['peace'] })
    expect(field(form, 'tags')?.suggestions).toContain('south-asia')
    expect(field(form, 'access')).toMatchObject({
      value: 'member',
      choices: [
        { value: '', label: 'Everyone' },
        { value: 'subscriber', label: 'Reader' },
        { value: 'member', label: 'Member' },
      ],
    })
    expect(field(form, 'image.alt')).toMatchObject({ value: null, place: null })
  })

  test('of an issue offers its newsletters, looks and briefs, and names what there is none of', async () => {
    const text = '---\nsubject: S\nnewsletter: weakly\ntemplate: nope\ndate: 2025-11-14\nstatus: draft\n---\n'
    const { form } = await ask(text, {}, 'briefs/2025-w46/issue.md')
    expect(field(form, 'newsletter')?.choices.map(({ value }) => value)).toEqual(['weakly', 'weekly'])
    expect(field(form, 'newsletter')?.problems[0]?.sentence).toBe(
      'onrecord.yaml has no newsletter “weakly”. Did you mean “weekly”?',
    )
    expect(field(form, 'template')?.problems[0]?.sentence).toMatch(/^There is no look “nope”\. There are: /u)
    expect(field(form, 'preheader')?.problems[0]?.sentence).toBe('The key “preheader” is required.')
    expect(field(form, 'briefs')?.suggestions).toEqual(['istanbul-talks', 'paktika-strikes'])
  })

  test('has what is wrong beside its field, and what is of no field apart', async () => {
    const text =
      '---\ntitle: Talks\nstandfirst: S\ndate: soon\ntag: [x]\norder: first\nimage:\n  src: a.png\ncorrections: none\n---\n'
    const { form } = await ask(text)
    expect(field(form, 'date')?.problems).toMatchObject([{ severity: 'error' }])
    expect(field(form, 'order')?.problems[0]?.sentence).toContain('must be a whole number')
    expect(field(form, 'title')?.problems).toEqual([])
    expect(field(form, 'corrections')).toMatchObject({ kind: 'yaml', value: 'corrections: none' })
    expect(form.findings.map(({ rule, line, sourceLine }) => [rule, line, sourceLine])).toEqual([
      ['DC802', 5, 'tag: [x]'],
    ])
    const alone = await ask('---\ntitle: T\nstandfirst: S\ndate: 2025\nimage:\n  src: a.png\n---\n')
    expect(field(alone.form, 'image.alt')?.problems[0]?.sentence).toBe(
      'The image has no description. Add “alt:”, what it shows in a few words.',
    )
  })

  test('writes what is set, and gives the whole text back', async () => {
    const text = '---\ntitle: Talks # short\nstandfirst: S\ndate: 2025-11-10\n---\nBody\n'
    const { form } = await ask(text, { title: 'New: title', tags: ['a', 'b'], standfirst: null })
    expect(form.text).toBe('---\ntitle: "New: title" # short\ndate: 2025-11-10\ntags: [a, b]\n---\nBody\n')
    expect(field(form, 'title')?.value).toBe('New: title')
    expect(field(form, 'standfirst')?.problems[0]?.sentence).toBe('The key “standfirst” is required.')
    expect(form.refused).toEqual([])
  })

  test('steps aside where the YAML cannot be read, with the line and a sentence', async () => {
    const { form } = await ask('---\ntitle: "Talks\ndate: 2025\n---\nBody\n', { title: 'x' })
    expect(form.fields).toEqual([])
    expect(form.refused).toEqual(['title'])
    expect(form.broken?.place.line).toBe(2)
    expect(form.broken?.sentence).toContain('never closed')
    const none = await ask('Just words\n')
    expect(none.form.broken?.sentence).toContain('no frontmatter')
    const list = await ask('---\n- a\n---\n')
    expect(list.form.broken?.sentence).toBe('The frontmatter must be keys, each with a value.')
  })

  test('is refused for a file of no issue, and for a key that no form has', async () => {
    expect((await ask('---\n---\n', {}, 'briefs/nowhere/x.md')).status).toBe(404)
    expect((await ask('---\n---\n', {}, '../../etc/passwd')).status).toBe(404)
    expect((await ask('---\n---\n', { __proto__x: 'a' })).status).toBe(400)
  })
})
