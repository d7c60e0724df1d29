import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { loadIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import { render } from '../../src/render/render.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { png, publication, richIssue, writePublication } from './rich-issue.ts'

const withLogo = { ...publication, theme: { ...publication.theme, logo: 'images/logo.png' } }
let written: ReturnType<typeof writePublication> | null = null
afterEach(() => written?.remove())

test('the logo of onrecord.yaml stands in the masthead of every tier, small enough', async () => {
  written = writePublication({ ...richIssue(), 'images/logo.png': png(480, 96, 3) })
  const { issue } = await loadIssue(written.root, 'w1', withLogo)
  if (issue === null) throw new Error('the issue does not load')
  const template = await loadTemplate(join(import.meta.dirname, '../../templates/weekly'))
  for (const tier of ['public', 'member'] as const) {
    const projected = project(issue, tier)
    const name = projected.images.get('images/logo.png')?.name ?? 'none'
    const options = { publication: withLogo, baseUrl: 'https://brief.test', template }
    const { rendered } = await render(projected, options)
    for (const html of [rendered?.html ?? '', rendered?.web ?? '']) {
      const logo = html.match(/<img[^>]*>/g)?.find((tag) => tag.includes(`https://brief.test/images/${name}`))
      expect(logo).toMatch(/width="240"/)
      expect(logo).toMatch(/height="48"/)
    }
  }
})

test('a logo that is not there is a finding at onrecord.yaml', async () => {
  written = writePublication(richIssue())
  const { findings } = await loadIssue(written.root, 'w1', withLogo)
  expect(findings.filter((each) => each.file === 'onrecord.yaml').map((each) => each.message)).toEqual([
    'There is no image “images/logo.png”.',
  ])
})
