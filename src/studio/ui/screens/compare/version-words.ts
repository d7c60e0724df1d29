import type { IssueVersion, OtherVersion, Versions } from '../../../contract/compare.ts'
import { momentInWords } from '../../shell/day.ts'
import type { Choice, Tier } from './use-choice.ts'

/** What can be chosen: the issue's own versions, then other issues. */
export function versionOptions({ versions, others }: Versions, timeZone: string) {
  return [
    ...versions.map((each) => ({ value: each.id, label: wordsOfVersion(each, timeZone).label })),
    ...others.map((each) => ({ value: each.id, label: wordsOfOther(each, timeZone) })),
  ]
}

/** How much changed, and since when. */
export function changesSentence(
  count: number,
  { from, to, tier, fromTier }: Choice,
  { versions }: Versions,
  names: Readonly<Record<Tier, string>>,
  timeZone: string,
): string {
  const isApart = fromTier !== null && fromTier !== tier
  if (from === to && !isApart) return 'This is the same version twice.'
  const before = to === 'now' ? versions.find(({ id }) => id === from) : undefined
  const words = before === undefined ? '' : wordsOfVersion(before, timeZone).since
  const since = words === '' ? '' : ` ${words}`
  if (count > 0) {
    const readers = isApart ? ` from “${names[fromTier]}” to “${names[tier]}”` : ''
    return `${count} ${count === 1 ? 'change' : 'changes'}${readers}${since}.`
  }
  return isApart
    ? `Nothing differs between “${names[fromTier]}” and “${names[tier]}”${since}.`
    : `Nothing has changed for “${names[tier]}”${since}.`
}

interface VersionWords {
  /** In a list. */
  readonly label: string
  /** “20 changes since it was …”; empty of what is now. */
  readonly since: string
}

/** A version in the publication's own time. */
function wordsOfVersion({ id, by, at }: IssueVersion, timeZone: string): VersionWords {
  if (at === null) return { label: 'Now, as it is written', since: '' }
  const when = momentInWords(at, timeZone)
  if (id === 'published')
    return { label: `On the site since ${when}`, since: `since it was put on the site on ${when}` }
  if (id === 'sent') return { label: `Sent on ${when}`, since: `since it was sent on ${when}` }
  return { label: `Approved by ${by ?? ''}, ${when}`, since: `since ${by ?? ''} approved it on ${when}` }
}

function wordsOfOther({ issue, kind, at }: OtherVersion, timeZone: string): string {
  if (at === null) return `${issue}, as it is written`
  const when = momentInWords(at, timeZone)
  return kind === 'published' ? `${issue}, on the site since ${when}` : `${issue}, sent on ${when}`
}
