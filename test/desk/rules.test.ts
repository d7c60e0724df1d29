import { describe, expect, test } from 'vitest'
import { formatFinding } from '../../src/core/finding.ts'
import { deskRules } from '../../src/desk/rules/index.ts'
import { checkExample } from './example.ts'

describe('each rule holds what its page shows:', () => {
  test.each(deskRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    if (rule.bad !== null) {
      const findings = checkExample(rule.bad)
      expect([...new Set(findings.map((each) => each.rule))], findings.map(formatFinding).join('\n')).toEqual(
        [id],
      )
    }
    if (rule.good !== null) {
      expect(
        checkExample(rule.good)
          .filter((each) => each.rule === id)
          .map(formatFinding),
      ).toEqual([])
    }
  })
})

test('the rules stand in the order of their ids, each once', () => {
  const ids = deskRules.map((rule) => rule.id)
  expect(ids).toEqual([...new Set(ids)].toSorted())
})
