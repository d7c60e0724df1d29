import { expect, test } from 'vitest'
import { detectDelimiter } from '../../src/subscribers/csv-cells.ts'
import { readRecords, type CsvRecord } from '../../src/subscribers/csv-records.ts'
import { collect } from '../collect.ts'

async function read(text: string | Buffer, chunk = 7): Promise<(readonly [number, string])[]> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
  }
  const records: CsvRecord[] = await collect(readRecords(chunks(), detectDelimiter))
  return records.map((each) => [each.line, 'text' in each ? each.text : `(${each.problem})`])
}

test('each record knows the line on which it begins, whatever ends the lines', async () => {
  expect(await read('a,b\n1,2\n3,4')).toEqual([
    [1, 'a,b'],
    [2, '1,2'],
    [3, '3,4'],
  ])
  expect(await read('a,b\r\n1,2\r\n3,4\r\n')).toEqual([
    [1, 'a,b'],
    [2, '1,2'],
    [3, '3,4'],
  ])
  expect(await read('a,b\r1,2\r3,4\r')).toEqual([
    [1, 'a,b'],
    [2, '1,2'],
    [3, '3,4'],
  ])
})

test('a quoted cell may hold line breaks and the delimiter; the lines after it keep their numbers', async () => {
  expect(await read('a,b\n"1\r\n,""x""",2\n3,4\n')).toEqual([
    [1, 'a,b'],
    [2, '"1\r\n,""x""",2'],
    [4, '3,4'],
  ])
})

test('a byte order mark is no part of the first header', async () => {
  expect(await read(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('a,b\n')]))).toEqual([
    [1, 'a,b'],
  ])
})

test('blank lines are left out and counted', async () => {
  expect(await read('\n\na,b\n\n  \n1,2\n')).toEqual([
    [3, 'a,b'],
    [6, '1,2'],
  ])
})

test('a quotation mark that is never closed costs its own line only', async () => {
  const rows = Array.from({ length: 60 }, (_, index) => (index === 9 ? '"open,2' : `${index},2`))
  const records = await read(rows.join('\n'))
  expect(records).toHaveLength(60)
  expect(records[9]).toEqual([10, '(A quotation mark is opened and not closed.)'])
  expect(records.filter(([, text]) => text.startsWith('('))).toHaveLength(1)
  expect(await read('a,b\n"open,2')).toEqual([
    [1, 'a,b'],
    [2, '(A quotation mark is opened and not closed.)'],
  ])
})

test('two such marks do not swallow the rows between them', async () => {
  const records = await read('a,b\n"one,1\n2,2\n3,3\n"four,4\n5,5\n')
  expect(records.map(([line]) => line)).toEqual([1, 2, 3, 4, 5, 6])
})

test('a line without an end is refused, is never held, and what follows is read', async () => {
  const before = process.memoryUsage().rss
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a,b\n')
    for (let block = 0; block < 2_000; block++) yield Buffer.alloc(100_000, 'x')
    yield Buffer.from('\n1,2\n')
  }
  const records = await collect(readRecords(endless(), detectDelimiter))
  expect(records.map((each) => ('problem' in each ? each.problem : each.text))).toEqual([
    'a,b',
    'The row is longer than 64 KB.',
    '1,2',
  ])
  expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024)
})

test.each([
  [Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'The file is a zip file or a spreadsheet, not CSV.'],
  [Buffer.from('a\0b'), 'The file is not a text file, or is UTF-16 without a mark that says so.'],
])('a file that is no CSV is refused as what it is', async (bytes, message) => {
  await expect(read(bytes, 1_000)).rejects.toThrow(message)
})

test.each([
  ['a,b,c', ','],
  ['a;b;c', ';'],
  ['a\tb\tc', '\t'],
  ['"a,b,c";d', ';'],
  ['address', ','],
])('the cells of %j are separated by %j', (line, delimiter) => {
  expect(detectDelimiter(line)).toBe(delimiter)
})
