import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { languageRules, readLabelled } from '../../bench/desk/labelled.ts'
import { scores } from '../../bench/desk/score.ts'
import { rules } from '../../src/core/rules.ts'

const held = scores(readLabelled('held-out'))

test('the labelled set is large enough, in each half and for the rules that judge words', () => {
  const both = [...readLabelled('development'), ...readLabelled('held-out')]
  expect(both.length).toBeGreaterThanOrEqual(400)
  expect(
    new Set(both.map(({ text, in: within, standfirst }) => `${text} ${within} ${standfirst}`)).size,
  ).toBe(both.length)
  for (const rule of languageRules.filter((rule) => !['DC204', 'DC404', 'DC501'].includes(rule))) {
    expect([rule, both.filter(({ finds }) => finds.includes(rule)).length >= 25]).toEqual([rule, true])
    expect([rule, both.filter(({ near }) => near.includes(rule)).length >= 25]).toEqual([rule, true])
  }
})

test('uncited facts are found on the half that nothing was tuned on', () => {
  const score = held.find(({ rule }) => rule === 'DC201')
  const { right = 0, wrong = [], positives = 1 } = score ?? {}
  expect(right / (right + wrong.length)).toBeGreaterThanOrEqual(0.85)
  expect(right / positives).toBeGreaterThanOrEqual(0.55)
})

test('no language rule falls below four in five, and none below 0.95 stops an issue', () => {
  for (const { rule, right, wrong } of held) {
    const precision = right / (right + wrong.length)
    expect([rule, precision >= 0.8]).toEqual([rule, true])
    expect([rule, rules[rule].severity]).toEqual([rule, 'warning'])
  }
})

test('what is published about the rules names every one of them', () => {
  const page = readFileSync(new URL('../../docs/desk/measured.md', import.meta.url), 'utf8')
  for (const rule of languageRules) expect(page.split(`| ${rule} `)).toHaveLength(3)
})
