import { expect, test } from 'vitest'
import { checkSize } from '../../src/email/size.ts'
import { sampleEdition } from './sample-edition.ts'

const sized = (kilobytes: number) =>
  sampleEdition({ bytes: { html: kilobytes * 1024, text: 1, message: kilobytes * 1024 } })

test('an edition up to 80 KB is fine, above it warns, above 100 KB it is refused', () => {
  expect(checkSize(sized(80), 'briefs/a/issue.md')).toEqual([])
  expect(checkSize(sized(80.5), 'briefs/a/issue.md')).toMatchObject([
    { rule: 'DC813', severity: 'warning', file: 'briefs/a/issue.md', line: 1 },
  ])
  expect(checkSize(sized(100.5), 'briefs/a/issue.md')).toMatchObject([{ rule: 'DC813', severity: 'error' }])
})
