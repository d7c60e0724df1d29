import { useEffect } from 'preact/hooks'
import type { Shelf } from '../../../contract/issues.ts'
import { ImportScreen } from './import-screen.tsx'
import { PeopleList } from './people-list.tsx'
import { PersonScreen } from './person-screen.tsx'
import './people.css'

/** The address of the import, beside people's own. */
const IMPORT = 'import'

/** The subscribers; with a name, one of them or the import. */
export function PeopleScreen({
  person,
  shelf,
}: {
  readonly person: string | null
  readonly shelf: Shelf | null
}) {
  useEffect(() => {
    // A title is kept in the browser's history: it names nobody.
    document.title = person === null ? 'People' : person === IMPORT ? 'Import · People' : 'A person · People'
  }, [person])
  if (person === IMPORT) return <ImportScreen publication={shelf?.publication ?? null} />
  return person === null ? (
    <PeopleList publication={shelf?.publication ?? null} />
  ) : (
    <PersonScreen key={person} id={person} publication={shelf?.publication ?? null} />
  )
}
