import fc from 'fast-check'
import { expect, test } from 'vitest'
import { restoreCell, writeCell } from '../../src/subscribers/csv-cell.ts'
import { readCells } from '../../src/subscribers/csv-cells.ts'
import { readRecords } from '../../src/subscribers/csv-records.ts'
import { collect } from '../collect.ts'

test.each([
  ['Ada', 'Ada'],
  ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(1)', "'@SUM(1)"],
  ['\tx', `"'\tx"`],
  ['\rx', `"'\rx"`],
  ["'=1", "''=1"],
  ["'quoted'", "'quoted'"],
  ['a;b', '"a;b"'],
])('%j is written as %j', (value, written) => {
  expect(writeCell(value)).toBe(written)
})

test('any cells at all come back from the file as they went in, and none begins as a formula', async () => {
  const value = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc
      .array(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ',', ';', 'a'), { maxLength: 6 })
      .map((parts) => parts.join('')),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (values) => {
      const cells = values.map(writeCell)
      for (const cell of cells) expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/)
      // A first line settles delimiter and line ends, as the header does in a file.
      const file = Buffer.from(`a,b\n${cells.join(',')},end\n`)
      const records = await collect(readRecords(chunksOf(file, 3), () => ','))
      const row = readCells(records, ',')[1]
      expect(row !== undefined && 'cells' in row ? row.cells.map(restoreCell) : row).toEqual([
        ...values,
        'end',
      ])
    }),
    { numRuns: 1_000 },
  )
})

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
