import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { parseAddress } from './address.ts'
import { guessColumns } from './headings.ts'
import { findMapping } from './mappings.ts'
import { fields, plainName, type Field, type OpenMapping, type SystemName } from './mapping.ts'

/** Where each field stands in a row, and what the other columns are. */
export interface Columns {
  /** Of several cells, the first that is not empty holds. */
  readonly at: ReadonlyMap<Field, readonly number[]>
  readonly count: number
  /** The first row is already a person: a file of bare addresses. */
  readonly headless: boolean
  /** Null: of no known system. */
  readonly mapping: OpenMapping | null
  /** Where a column of the mapping stands. */
  readonly indexOf: (column: string) => number | undefined
  /** Each column that is read, as the file names it, with what it holds, in words. */
  readonly uses: readonly (readonly [column: string, holds: string])[]
  readonly unused: readonly string[]
}

/** What the operator says of a file. */
export interface FileWords {
  readonly map: ReadonlyMap<Field, string>
  /** `auto`: whose it is, is told by its columns; `other`: of no known system. */
  readonly from: SystemName | 'auto' | 'other'
  /** Without its folder; Mailchimp’s says who is in it. */
  readonly name: string
}

/**
 * Reads `--map field=column`, either way round; an empty column leaves a field out.
 * @throws OnrecordError `usage` that names the field nearest to an unknown one
 */
export function parseMap(pairs: readonly string[]): ReadonlyMap<Field, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      const name = (at === -1 ? pair : pair.slice(0, at)).trim()
      const column = pair.slice(at + 1).trim()
      const field = fields.find((each) => each === name)
      if (at !== -1 && field !== undefined) return [field, column] as const
      const turned = fields.find((each) => each === column)
      if (at !== -1 && turned !== undefined) return [turned, name] as const
      const near = at === -1 ? null : didYouMean(name, fields)
      throw new OnrecordError(
        'usage',
        at === -1 ? `--map ${pair} has no “=”.` : `--map: there is no field “${name}”.`,
        { hint: near ?? `write --map address=Email; the fields are ${fields.join(', ')}` },
      )
    }),
  )
}

/**
 * Finds the columns of a file by its first row: those that `map` names, then those of the system whose
 * export it is, or the usual headings in several languages. A single column of addresses needs no header.
 * @param rows the first below it, by which a guess is borne out
 * @throws OnrecordError `usage` for a mapped column that is not there, `refused` without addresses
 */
export function findColumns(
  cells: readonly string[],
  words: FileWords,
  rows: readonly (readonly string[])[],
): Columns {
  const names = cells.map((cell) => cell.trim())
  const plain = names.map(plainName)
  const places = new Map(plain.map((name, place) => [name, place] as const).toReversed())
  const indexOf = (column: string): number | undefined => places.get(plainName(column))
  const file = { name: words.name, has: (column: string) => indexOf(column) !== undefined }
  const mapping = words.from === 'other' ? null : findMapping(words.from === 'auto' ? null : words.from, file)

  const at = mapped(names, words.map)
  const taken = new Set([...at.values()].flat())
  for (const field of fields) {
    if (words.map.has(field)) continue
    const found =
      mapping === null
        ? guessColumns(field, names, rows)
        : (mapping.fields[field] ?? []).flatMap((column) => indexOf(column) ?? [])
    // An export may have one column for two fields; of a stranger's, no column is guessed twice.
    const places = mapping === null ? found.filter((place) => !taken.has(place)).slice(0, 1) : found
    if (places.length === 0) continue
    at.set(field, places)
    for (const place of places) taken.add(place)
  }
  // Beside a first name, “Name” is the last one.
  const whole = at.get('name')
  if (mapping === null && whole !== undefined && !words.map.has('name') && !words.map.has('last-name'))
    if (at.has('first-name') && !at.has('last-name')) {
      at.delete('name')
      at.set('last-name', whole)
    }
  if (!at.has('address')) {
    if (cells.length === 1 && words.map.size === 0 && parseAddress(names[0] ?? '').ok)
      return {
        at: new Map([['address', [0]]]),
        count: 1,
        headless: true,
        mapping: null,
        indexOf,
        uses: [],
        unused: [],
      }
    throw new OnrecordError(
      'refused',
      `The file has no column of addresses; its columns are ${listed(names)}.`,
      {
        hint: 'the first line must name the columns; --map address=<column> says which one holds the addresses',
      },
    )
  }
  const says = new Map(
    Object.entries(mapping?.says ?? {}).flatMap(([column, holds]) => {
      const place = indexOf(column)
      return place === undefined ? [] : [[place, holds] as const]
    }),
  )
  const used = names.map((_, place) =>
    [...fields.filter((field) => at.get(field)?.includes(place)), says.get(place) ?? []].flat().join('; '),
  )
  refuseTwins(names, plain, used)
  return {
    at,
    count: cells.length,
    headless: false,
    mapping,
    indexOf,
    uses: names.flatMap((name, place) => (used[place] === '' ? [] : [[printable(name), used[place] ?? '']])),
    unused: names.filter((name, place) => used[place] === '' && name !== '').map(printable),
  }
}

function mapped(names: readonly string[], map: FileWords['map']): Map<Field, readonly number[]> {
  const at = new Map<Field, readonly number[]>()
  for (const [field, column] of map) {
    if (column === '') continue
    const index = names.findIndex((name) => name.toLowerCase() === column.toLowerCase())
    if (index === -1) {
      throw new OnrecordError('usage', `--map: the file has no column “${column}”.`, {
        hint: didYouMean(column, names) ?? `its columns are ${listed(names)}`,
      })
    }
    at.set(field, [index])
  }
  return at
}

/** Of two columns of one name, nobody knows which one is meant. */
function refuseTwins(names: readonly string[], plain: readonly string[], used: readonly string[]): void {
  const place = plain.findIndex(
    (name, index) => used[index] !== '' && plain.some((other, at) => at !== index && other === name),
  )
  if (place === -1) return
  throw new OnrecordError('refused', `The file has two columns “${printable(names[place] ?? '')}”.`, {
    hint: 'rename or delete one of them in its first line',
  })
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `“${printable(name)}”`)
  return names.length > 12 ? `${shown.join(', ')} …` : shown.join(', ')
}

/** A file's words on a terminal: short, and without what a terminal would obey. */
function printable(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
  return clean.length > 40 ? `${clean.slice(0, 40)}…` : clean
}
