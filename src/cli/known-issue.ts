import { OnrecordError } from '../core/errors.ts'
import { didYouMean } from '../core/nearest.ts'
import { listIssues } from '../issue/load.ts'

/** @throws OnrecordError not-found, with the nearest name, where `briefs/` has no such issue */
export function refuseUnknownIssue(root: string, id: string): void {
  const known = listIssues(root)
  if (known.includes(id)) return
  const there =
    known.length === 0 ? 'there is none yet; see “onrecord new”' : `there are: ${known.join(', ')}`
  throw new OnrecordError('not-found', `There is no issue “${id}” under briefs/.`, {
    hint: didYouMean(id, known) ?? there,
  })
}
