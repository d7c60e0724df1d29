import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/render/render.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { baseUrl, brief, cite, issueOf, p, publication, root, source } from './fixture.ts'

const template = await loadTemplate(join(import.meta.dirname, '../../templates/weekly'))
const note = 'not verified: no snapshot'
const hash = `sha256:${'ab'.repeat(32)}`

async function parts(snapshots: readonly (string | null)[], authors: readonly string[] = []) {
  const [first, second] = [cite(1), cite(2)]
  const both = cite(1, {
    items: [...first.items, ...second.items],
    marks: [...(first.marks ?? []), ...(second.marks ?? [])],
  })
  const body = root(p('One ', both, '.'))
  const issue = {
    ...issueOf([brief('one', body, { authors })]),
    sources: snapshots.map((snapshot, index) => source(index + 1, { snapshot })),
  }
  const { rendered, findings } = await render(issue, { publication, baseUrl, template })
  expect(findings).toEqual([])
  if (rendered === null) throw new Error('nothing was rendered')
  return [rendered.html, rendered.web, rendered.text] as const
}

describe('what is not verified', () => {
  test('is said once above the list where no source has a snapshot', async () => {
    for (const part of await parts([null, null, null])) {
      expect(part.split(note)).toHaveLength(2)
      expect(part.replace(/\s+/g, ' ')).toContain(`Every source below is ${note}.`)
    }
  })

  test('is said at each source where others have one', async () => {
    for (const part of await parts([null, hash, null])) {
      expect(part.replace(/\s+/g, ' ').split(note)).toHaveLength(3)
      expect(part).not.toContain('Every source below')
    }
  })
})

test('numbers of one citation stay on one line', async () => {
  const [html, web] = await parts([null, null])
  for (const part of [html, web])
    expect(part).toMatch(/<span class="n"><a class="c"[^>]*>\[1\]<\/a><a class="c"/)
  expect(html).toMatch(/\.n ?\{ ?white-space: ?nowrap/)
})

test('a desk signs with its name alone, a person after “By”', async () => {
  const [html, web] = await parts([null, null], ['Desk'])
  for (const part of [html, web]) expect(part).toMatch(/class="byline">Desk/)
  for (const part of (await parts([null, null], ['Ann Lee'])).slice(0, 2))
    expect(part).toMatch(/class="byline">By Ann Lee/)
})
