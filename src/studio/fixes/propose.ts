import type { Finding } from '../../core/finding.ts'
import { lineStart } from '../text-edit.ts'
import type { Fix, FixChange } from '../contract/fix.ts'
import { citeFixes } from './cite.ts'
import { adriftFixes, citationSyntaxFixes, secondHandFixes, unknownKeyFixes } from './citations.ts'
import { figureFixes } from './figures.ts'
import type { FixWorld, Proposal } from './fix.ts'
import {
  addressFixes,
  altFixes,
  copyOf,
  entryFixes,
  fenceFixes,
  headingFixes,
  idleWaiverFixes,
  relativeTimeFixes,
  spellingFixes,
  titleFixes,
} from './form.ts'
import { copyFixes, ellipsisFixes, quoteFixes } from './quotations.ts'
import { waiverFixes } from './waive.ts'

/** The ways to mend a finding, the likeliest first; a waiver is the last. What is waived needs none. */
export function proposalsFor(finding: Finding, world: FixWorld): readonly Proposal[] {
  if (finding.waived !== null) return []
  const edits = [...editsFor(finding, world), ...waiverFixes(finding, world)]
  return edits.filter(({ id }, index) => edits.findIndex((each) => each.id === id) === index)
}

function editsFor(finding: Finding, world: FixWorld): readonly Proposal[] {
  switch (finding.rule) {
    case 'DC101':
      return unknownKeyFixes(finding, world)
    case 'DC102':
      return entryFixes(finding, world)
    case 'DC103':
      return [
        ...entryFixes(finding, world),
        ...addressFixes(finding, world),
        ...spellingFixes(finding, world),
      ]
    case 'DC105':
      return titleFixes(finding, world)
    case 'DC201':
    case 'DC202':
    case 'DC203':
      return citeFixes(finding, world)
    case 'DC204':
      return adriftFixes(finding, world)
    case 'DC205':
      return figureFixes(finding, world)
    case 'DC301':
      return quoteFixes(finding, world)
    case 'DC302':
      return ellipsisFixes(finding, world)
    case 'DC303':
      return copyFixes(finding, world)
    case 'DC404':
      return secondHandFixes(finding, world)
    case 'DC606':
      return relativeTimeFixes(finding, world)
    case 'DC703':
      return [copyOf(finding, world)].filter((each) => each !== null)
    case 'DC705':
      return [...spellingFixes(finding, world), ...idleWaiverFixes(finding, world)]
    case 'DC804':
      return fenceFixes(finding, world)
    case 'DC806':
      return headingFixes(finding, world)
    case 'DC807':
      return altFixes(finding, world)
    case 'DC810':
      return citationSyntaxFixes(finding, world)
    case 'DC811':
      return addressFixes(finding, world)
    default:
      return spellingFixes(finding, world)
  }
}

/** As a page shows it, with what it would change. */
export function shownFix(proposal: Proposal, world: FixWorld): Fix | null {
  const { id, label, asks, file } = proposal
  const before = world.text(file)
  if (asks !== null || id.startsWith('copy:')) return { id, label, asks, change: null }
  const after = proposal.write('')
  if (before === null || after === null || after === before) return null
  return { id, label, asks, change: changeOf(file, before, after) }
}

/** What is another, with the rest of its lines around it; no character is cut in two. */
export function changeOf(file: string, before: string, after: string): FixChange {
  const most = Math.min(before.length, after.length)
  let from = 0
  while (from < most && before[from] === after[from]) from++
  if (isHalf(before, from) || isHalf(after, from)) from--
  let same = 0
  while (same < most - from && before.at(-1 - same) === after.at(-1 - same)) same++
  if (same > 0 && (isHalf(before, before.length - same) || isHalf(after, after.length - same))) same--
  const to = before.length - same
  const end = before.indexOf('\n', to)
  return {
    file,
    line: before.slice(0, from).split('\n').length,
    lead: before.slice(lineStart(before, from), from),
    removed: before.slice(from, to),
    added: after.slice(from, after.length - same),
    tail: before.slice(to, end === -1 ? undefined : end),
  }
}

/** Whether `at` lies within a surrogate pair. */
function isHalf(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text.charAt(at)) && /[\uD800-\uDBFF]/.test(text.charAt(at - 1))
}
