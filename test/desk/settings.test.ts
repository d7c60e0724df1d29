import { expect, test } from 'vitest'
import { formatFinding } from '../../src/core/finding.ts'
import { publicationSchema } from '../../src/core/publication.ts'
import { parseWith } from '../../src/core/schema.ts'
import { parseYaml } from '../../src/core/yaml.ts'

function read(desk: string): string[] {
  const text = `name: The Harbour
url: https://harbour.example.org
from: {name: The Harbour, address: desk@harbour.example.org}
postalAddress: 1 Quay
newsletters: {weekly: {name: Weekly}}
desk:
${desk}`
  return parseWith(publicationSchema, parseYaml(text, 'onrecord.yaml')).findings.map(formatFinding)
}

test('a severity for a rule that does not exist is named at its line, with the nearest rule', () => {
  expect(read('  severities:\n    DC503: error\n    DC3O1: warning\n')).toEqual([
    'onrecord.yaml:9:12  “DC3O1” is no rule of the desk check; did you mean “DC301”.  (DC801)',
  ])
  expect(read('  severities: {unknown-key: info}\n')).toEqual([
    'onrecord.yaml:7:29  “unknown-key” is no rule of the desk check; docs/desk/README.md lists them.  (DC801)',
  ])
})

test('a severity that is none, and a limit that is no number, are refused', () => {
  expect(read('  severities: {DC503: fatal}\n')).toEqual([
    'onrecord.yaml:7:23  “DC503” must be error, warning or info.  (DC801)',
  ])
  expect(read('  staleAfterDays: never\n')).toHaveLength(1)
  expect(read('  severities: {DC503: error}\n  staleAfterDays: 30\n')).toEqual([])
})
