import { afterEach, expect, test } from 'vitest'
import { loadIssue } from '../../src/issue/load.ts'
import { project } from '../../src/issue/project.ts'
import { publication, writePublication } from './rich-issue.ts'

let written: ReturnType<typeof writePublication> | null = null
afterEach(() => written?.remove())

test('a ledger passage that only a members’ section is cited for stays with the members', async () => {
  written = writePublication({
    'briefs/w1/issue.md':
      '---\nsubject: Two passages of one page\npreheader: One of them is for members, the other for everybody who subscribes.\nnewsletter: weekly\ndate: 2025-11-14\nstatus: approved\n---\n',
    'briefs/w1/one.md':
      '---\ntitle: One\nstandfirst: A brief of one page with two passages, one of them withheld.\ndate: 2025-11-14\n---\n\nOpen words [@daily].\n\n:::members{teaser="More"}\nShut words [@daily, "The withheld passage of it"; @shut].\n:::\n',
    'briefs/w1/sources.yaml':
      '- id: daily\n  title: A page\n  publisher: The Daily\n  url: https://daily.test/1\n  published: 2025-11-08\n  accessed: 2025-11-10\n  kind: newspaper\n  quotes:\n    - The withheld passage of it\n    - An open passage of the same page\n- id: shut\n  title: Another page\n  publisher: The Gazette\n  url: https://gazette.test/2\n  author: [Writer Withheld]\n  party: withheldland\n  published: 2025-11-08\n  accessed: 2025-11-10\n  kind: newspaper\n',
  })
  const { issue } = await loadIssue(written.root, 'w1', publication)
  if (issue === null) throw new Error('the issue does not load')
  const subscriber = JSON.stringify(project(issue, 'subscriber'))
  expect(subscriber).not.toMatch(/withheld(%20| )passage/)
  expect(subscriber).not.toMatch(/Writer Withheld|withheldland/)
  expect(subscriber).toContain('Another page')
  expect(subscriber).toContain('An open passage of the same page')
  expect(JSON.stringify(project(issue, 'member'))).toContain('The withheld passage of it')
})
