import { OnrecordError } from '../core/errors.ts'
import { ghost } from './mapping-ghost.ts'
import { mailchimp } from './mapping-mailchimp.ts'
import { substack } from './mapping-substack.ts'
import { systems, type ForeignFile, type Mapping, type OpenMapping, type SystemName } from './mapping.ts'

const mappings: Readonly<Record<SystemName, Mapping>> = { substack, ghost, mailchimp }

/**
 * The mapping of the system that is named, or of the one whose columns these are; null: of no known system.
 * @throws OnrecordError `refused` when the file is not of the named system
 */
export function findMapping(from: SystemName | null, file: ForeignFile): OpenMapping | null {
  if (from === null) {
    const known = systems.find((each) => isOf(mappings[each], file))
    return known === undefined ? null : mappings[known].open(file)
  }
  const { system, signs } = mappings[from]
  if (isOf(mappings[from], file)) return mappings[from].open(file)
  throw new OnrecordError(
    'refused',
    `The file is not ${system}’s: it has no column “${signs[0]?.[0] ?? ''}”.`,
    {
      hint: 'leave --from out to read it by the names of its columns, and see docs/import.md for which file to take',
    },
  )
}

function isOf(mapping: Mapping, file: ForeignFile): boolean {
  return mapping.signs.some((columns) => columns.every((column) => file.has(column)))
}
