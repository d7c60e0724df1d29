import { expect, test } from 'vitest'
import { drawImport } from '../../src/cli/import-progress.ts'
import type { Context } from '../../src/cli/context.ts'
import type { ImportResult } from '../../src/subscribers/import.ts'
import { contextIn } from './scaffold-context.ts'

const soFar = (read: number): ImportResult => ({
  read,
  added: read,
  updated: 0,
  unchanged: 0,
  refused: [],
  refusals: {},
  optOuts: { left: 0, suppressed: 0 },
  members: 0,
  sample: [],
  interrupted: false,
})

/** Half of the file in ten seconds. */
function drawn(terminal: boolean): readonly string[] {
  const shown: string[] = []
  const context: Context = {
    ...contextIn('/'),
    terminal,
    drawProgress: (text) => shown.push(text),
    note: (text) => shown.push(text),
  }
  let time = 0
  const progress = drawImport(context, 'people.csv', 1_000, () => time)
  for (let second = 1; second <= 10; second++) {
    time = second * 1_000
    progress.read(50)
    progress.draw(soFar(second * 100))
  }
  return shown
}

test('a terminal sees each step, and how long the rest takes once that can be told', () => {
  const shown = drawn(true)
  expect(shown).toHaveLength(10)
  expect(shown[0]).toBe('Reading people.csv  5 %  100 rows')
  expect(shown[9]).toBe('Reading people.csv  50 %  1,000 rows, 100 a second, about 10 s to go')
})

test('where there is no terminal a line comes every five seconds', () => {
  expect(drawn(false)).toEqual([
    'people.csv  25 %  500 rows, 100 a second, about 15 s to go',
    'people.csv  50 %  1,000 rows, 100 a second, about 10 s to go',
  ])
})
