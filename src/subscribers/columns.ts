import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { parseAddress } from './address.ts'

/** What a column of a file can hold for us, with the headers by which it is known. */
const headers = {
  address: ['email', 'emailaddress', 'emailadresse', 'mail', 'courriel', 'correo', 'address'],
  name: ['name', 'fullname', 'displayname'],
  'first-name': ['firstname', 'givenname', 'forename', 'fname'],
  'last-name': ['lastname', 'familyname', 'surname', 'lname'],
  tier: ['tier', 'plan', 'membership'],
  state: ['state', 'status', 'subscriptionstate', 'subscriptionstatus'],
  newsletter: ['newsletter'],
  'consent-at': ['consentat', 'consentedat', 'subscribedat', 'confirmedat', 'optintime'],
  'consent-source': ['consentsource', 'source'],
} as const

export type Field = keyof typeof headers

const fields = Object.keys(headers) as readonly Field[]

/** Where each field stands in a row. */
export interface Columns {
  readonly at: ReadonlyMap<Field, number>
  readonly count: number
  /** The first row is already a person: a file of bare addresses. */
  readonly headless: boolean
}

/**
 * Reads `--map field=column`; an empty column leaves a field out.
 * @throws OnrecordError `usage` that names the field nearest to an unknown one
 */
export function parseMap(pairs: readonly string[]): ReadonlyMap<Field, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      const name = at === -1 ? pair : pair.slice(0, at)
      const field = fields.find((each) => each === name.trim())
      if (at === -1 || field === undefined) {
        const near = at === -1 ? null : didYouMean(name, fields)
        throw new OnrecordError(
          'usage',
          at === -1 ? `--map ${pair} has no “=”.` : `--map: there is no field “${name}”.`,
          { hint: near ?? `write --map address=Email; the fields are ${fields.join(', ')}` },
        )
      }
      return [field, pair.slice(at + 1).trim()] as const
    }),
  )
}

/**
 * Finds the columns of a file by its first row: those that `map` names, then the usual headers
 * in any case. A single column of addresses needs no header.
 * @throws OnrecordError `usage` for a mapped column that is not there, `refused` without addresses
 */
export function findColumns(cells: readonly string[], map: ReadonlyMap<Field, string>): Columns {
  const names = cells.map((cell) => cell.trim())
  const at = new Map<Field, number>()
  for (const [field, column] of map) {
    if (column === '') continue
    const index = names.findIndex((name) => name.toLowerCase() === column.toLowerCase())
    if (index === -1) {
      throw new OnrecordError('usage', `--map: the file has no column “${column}”.`, {
        hint: didYouMean(column, names) ?? `its columns are ${listed(names)}`,
      })
    }
    at.set(field, index)
  }
  const taken = new Set(at.values())
  const plain = names.map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''))
  for (const field of fields) {
    if (map.has(field)) continue
    const index = headers[field]
      .map((header) => plain.findIndex((name, place) => name === header && !taken.has(place)))
      .find((place) => place !== -1)
    if (index === undefined) continue
    at.set(field, index)
    taken.add(index)
  }
  if (at.has('address')) return { at, count: cells.length, headless: false }
  if (cells.length === 1 && map.size === 0 && parseAddress(names[0] ?? '').ok)
    return { at: new Map([['address', 0]]), count: 1, headless: true }
  throw new OnrecordError(
    'refused',
    `The file has no column of addresses; its columns are ${listed(names)}.`,
    {
      hint: 'the first line must name the columns; --map address=<column> says which one holds the addresses',
    },
  )
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
