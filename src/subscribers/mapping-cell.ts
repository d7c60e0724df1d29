const yes = new Set(['true', 'yes', '1', 't', 'y'])
const no = new Set(['false', 'no', '0', 'f', 'n', ''])

/** A cell that says yes or no; an empty one is no. Null: it says neither. */
export function readYes(cell: string): boolean | null {
  const word = cell.toLowerCase()
  return yes.has(word) ? true : no.has(word) ? false : null
}

/** Why a row with another word in such a column is refused. */
export function neither(column: string): string {
  return `The column ${column} says neither true nor false.`
}
