import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OnrecordError } from '../../src/core/errors.ts'
import type { ImportResult } from '../../src/subscribers/import.ts'
import { openPeople } from '../store/open-people.ts'
import { importText } from './import-text.ts'

const header = 'email,name,tier,state'
const rows = Array.from({ length: 60 }, (_, index) => {
  const name = index % 4 === 0 ? `"Reader, ${index}"` : `Reader ${index}`
  return `reader${index}@example.org,${name},${index % 3 === 0 ? 'member' : 'subscriber'},confirmed`
})

/** Ways in which a row is broken in the field, each on its own line. */
const breakers: readonly ((row: string) => Buffer)[] = [
  (row) => Buffer.from(row.replace('@', ' at ')),
  (row) => Buffer.from(row.replace('@', '@@')),
  (row) => Buffer.from(row.replace('example.org', 'localhost')),
  (row) => Buffer.from(`"${row}`),
  (row) => Buffer.from(row.replace('Reader', 'Rea"der')),
  (row) => Buffer.from(row.replace('Reader', 'Zo\u00eb'), 'latin1'),
  (row) => Buffer.from(row.replace('Reader', 'Rea\0der')),
  (row) => Buffer.from(row.replace('reader', 'rea\u2028der')),
  (row) => Buffer.from(row.replace('reader', 'rea\u202eder')),
  (row) => Buffer.from(row.replace('Reader', 'Rea\rder')),
  (row) => Buffer.from(`${row},and,more`),
  (row) => Buffer.from(row.replace(/member|subscriber/, 'gold')),
  (row) => Buffer.from(row.replace('confirmed', 'maybe')),
  (row) => Buffer.from(row.replace('Reader', 'R'.repeat(300))),
  (row) => Buffer.from(row.replace('Reader', 'R'.repeat(66_000))),
  (row) => Buffer.from(row.replace(/^[^,]*/, '')),
  () => Buffer.from('"","","",""x'),
]

test('in 200 files with broken rows, those rows are refused with line and reason, and all others are read', async () => {
  const broken = fc.uniqueArray(
    fc.record({ row: fc.nat(rows.length - 1), how: fc.nat(breakers.length - 1) }),
    {
      selector: (each) => each.row,
      minLength: 1,
      maxLength: 12,
    },
  )
  await fc.assert(
    fc.asyncProperty(broken, fc.constantFrom('\n', '\r\n'), async (breaks, end) => {
      const how = new Map(breaks.map((each) => [each.row, each.how]))
      const file = Buffer.concat([
        Buffer.from(header + end),
        ...rows.map((row, index) => {
          const breaker = breakers[how.get(index) ?? -1]
          return Buffer.concat([breaker === undefined ? Buffer.from(row) : breaker(row), Buffer.from(end)])
        }),
      ])
      const result = await importInto(file)
      if (result instanceof OnrecordError) throw result
      expect(result.refused.map((each) => each.line)).toEqual(
        [...how.keys()].map((row) => row + 2).toSorted((a, b) => a - b),
      )
      for (const { reason } of result.refused) expectPlain(reason)
      expect(result).toMatchObject({ read: rows.length, added: rows.length - how.size })
    }),
    { numRuns: 200 },
  )
})

test('200 files mutated byte by byte are read or refused in plain words, and never crash', async () => {
  const piece = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('"', '""', ',', ';', '\t', '\r', '\n', '\r\n', '\0', '\u2028', '\ufeff', '"\n', '@', "'=")
      .map((text) => Buffer.from(text)),
  )
  const mutation = fc.record({ at: fc.nat(), drop: fc.constantFrom(0, 0, 1, 5, 300), piece })
  const whole = Buffer.from(`${header}\n${rows.join('\n')}\n`)
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 25 }), async (mutations) => {
      let file = whole
      for (const { at, drop, piece: added } of mutations) {
        const place = at % (file.length + 1)
        file = Buffer.concat([file.subarray(0, place), added, file.subarray(place + drop)])
      }
      const result = await importInto(file)
      if (result instanceof OnrecordError) {
        expect(result.code).toBe('refused')
        expectPlain(result.message)
        return
      }
      const { read, added, updated, unchanged, refused } = result
      expect(added + updated + unchanged + refused.length).toBe(read)
      const lines = file.toString('latin1').split(/\r\n|\r|\n/).length
      for (const { line, reason } of refused) {
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lines)
        expectPlain(reason)
      }
      expect(refused.map((each) => each.line)).toEqual(
        refused.map((each) => each.line).toSorted((a, b) => a - b),
      )
    }),
    { numRuns: 200 },
  )
})

async function importInto(file: Buffer): Promise<ImportResult | OnrecordError> {
  const { subscribers, close } = await openPeople()
  try {
    return await importText(subscribers, file)
  } catch (error) {
    if (error instanceof OnrecordError) return error
    throw error
  } finally {
    await close()
  }
}

function expectPlain(text: string): void {
  expect(text).toMatch(/^[A-Z].*[.)]$/)
  expect(text).not.toMatch(/\n|\p{Cc}|Error|undefined|null| at .*:\d+/u)
}
