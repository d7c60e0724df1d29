import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OnrecordError } from '../../src/core/errors.ts'
import { writeCell } from '../../src/subscribers/csv-cell.ts'
import type { ImportOptions, ImportResult } from '../../src/subscribers/import.ts'
import { collect } from '../collect.ts'
import { openPeople } from '../store/open-people.ts'
import { importText } from './import-text.ts'

type Options = Partial<ImportOptions>

/** Imports into a store of its own; the names of those who are in it then, by their address. */
async function importInto(
  file: Buffer,
  options: Options = {},
): Promise<{ readonly result: ImportResult; readonly names: ReadonlyMap<string, string | null> }> {
  const { subscribers, close } = await openPeople()
  try {
    const result = await importText(subscribers, file, options)
    const all = await collect(subscribers.list())
    return { result, names: new Map(all.map(({ address, name }) => [address ?? '', name])) }
  } finally {
    await close()
  }
}

/** Names as people have them, and as attackers do: what a spreadsheet would run, quotes, commas, marks. */
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.constantFrom(
      '=1+1',
      '+44',
      '-1',
      '@SUM(A1)',
      "'=x",
      "''",
      '"',
      '""',
      'a,b',
      'a;b',
      'Zoë "Z" Öst',
      '{{name}}',
    ),
  )
  .map((text) => text.replace(/[\p{C}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '').normalize('NFC'))
  .map((text) => text.replace(/[\p{Zs}]+/gu, ' ').trim())

const people = fc.array(name, { minLength: 1, maxLength: 12 })

const encoders: readonly (readonly [string, Options, (text: string) => Buffer])[] = [
  ['UTF-8', {}, (text) => Buffer.from(text)],
  ['UTF-8 with a mark', {}, (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16 LE with a mark', {}, (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16 BE with a mark', {}, (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16 LE that is named', { encoding: 'utf-16le' }, (text) => Buffer.from(text, 'utf16le')],
]

test.each(encoders)(
  'names in %s come out of the file as they went in, whatever they hold',
  async (_, options, encode) => {
    await fc.assert(
      fc.asyncProperty(
        people,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n', '\r'),
        async (names, delimiter, end) => {
          const rows = names.map((each, index) => {
            const quoted = `"${writeCell(each).replace(/^"|"$/g, '')}"`
            const cell = /["]/.test(each) ? writeCell(each) : quoted
            return [`r${index}@x.test`, cell, 'member'].join(delimiter)
          })
          const file = [['email', 'name', 'tier'].join(delimiter), ...rows, ''].join(end)
          const { result, names: kept } = await importInto(encode(file), options)
          expect(result.refused).toEqual([])
          expect([...kept]).toEqual(
            names.map((each, index) => [`r${index}@x.test`, each === '' ? null : each]),
          )
        },
      ),
      { numRuns: 15 },
    )
  },
)

test('Windows-1252 is refused row by row until it is named, and read then', async () => {
  const file = Buffer.from('email,name\nzoe@x.test,Zo\u00eb\u0080 \u0093x\u0094\nada@x.test,Ada\n', 'latin1')
  const { result } = await importInto(file)
  expect(result).toMatchObject({ added: 1, refusals: { row: 1 } })
  expect(result.refused[0]?.reason).toContain('--encoding windows-1252')
  const { names } = await importInto(file, { encoding: 'windows-1252' })
  expect(names.get('zoe@x.test')).toBe('Zoë€ “x”')
})

test('a cell of 10 MB is refused by itself, quoted or not, and costs no memory', async () => {
  const cell = 'x'.repeat(10 * 1024 * 1024)
  const before = process.memoryUsage().rss
  for (const big of [cell, `"${cell}"`, `"${cell.replace(/(.{1000})./g, '$1\n')}"`]) {
    const { result, names } = await importInto(
      Buffer.from(`email,name\nada@x.test,Ada\nbig@x.test,${big}\nbob@x.test,Bob\n`),
    )
    expect([...names.keys()]).toEqual(expect.arrayContaining(['ada@x.test', 'bob@x.test']))
    expect(names.has('big@x.test')).toBe(false)
    expect(result.added).toBe(2)
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024)
})

test('a NUL in a cell that is used is refused, in one that is not does no harm', async () => {
  const { result, names } = await importInto(
    Buffer.from('email,name,notes\na\0@x.test,,\nb@x.test,B\0ob,\nc@x.test,Cy,a\0b\n'),
  )
  expect(result.refusals).toEqual({ address: 1, name: 1 })
  expect([...names]).toEqual([['c@x.test', 'Cy']])
})

test('rows of any length are read or refused by their own line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }), async (extras) => {
      const rows = extras.map((extra, index) => `r${index}@x.test${',cell'.repeat(extra)}`)
      const { result } = await importInto(Buffer.from(`email,name,notes\n${rows.join('\n')}\n`))
      const ragged = extras.flatMap((extra, index) => (extra > 2 ? [index + 2] : []))
      expect(result.refused.map(({ line }) => line)).toEqual(ragged)
      expect(result.added).toBe(extras.length - ragged.length)
    }),
    { numRuns: 30 },
  )
})

test.each([
  ['a zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)]), 'unpack a zip'],
  ['a zip that names a file above its folder', Buffer.from('PK\x03\x04____../../etc/passwd'), 'unpack a zip'],
  ['an empty zip', Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`), 'save it as'],
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, ...Buffer.alloc(200)]), 'save it as'],
])('%s is not read, and it is said what to do', async (_, file, hint) => {
  const tried = importInto(file)
  await expect(tried).rejects.toBeInstanceOf(OnrecordError)
  await expect(tried).rejects.toMatchObject({ code: 'refused', hint: expect.stringContaining(hint) })
})
