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

type Fixer = (finding: Finding, world: FixWorld) => readonly Proposal[]

/** What mends a finding of a rule, the likeliest first. */
const fixers: Readonly<Record<string, readonly Fixer[]>> = {
  DC101: [unknownKeyFixes],
  DC102: [entryFixes],
  DC103: [entryFixes, addressFixes, spellingFixes],
  DC104: [citeFixes],
  DC105: [titleFixes],
  DC201: [citeFixes],
  DC202: [citeFixes],
  DC203: [citeFixes],
  DC204: [adriftFixes],
  DC205: [figureFixes],
  DC301: [quoteFixes],
  DC302: [ellipsisFixes],
  DC303: [copyFixes],
  DC404: [secondHandFixes],
  DC606: [relativeTimeFixes],
  DC703: [(finding, world) => [copyOf(finding, world)].filter((each) => each !== null)],
  DC705: [spellingFixes, idleWaiverFixes],
  DC804: [fenceFixes],
  DC806: [headingFixes],
  DC807: [altFixes],
  DC810: [citationSyntaxFixes],
  DC811: [addressFixes],
}

function editsFor(finding: Finding, world: FixWorld): readonly Proposal[] {
  return (fixers[finding.rule] ?? [spellingFixes]).flatMap((fixer) => fixer(finding, world))
}

/** As a page shows it, with what it would change. */
export function shownFix(proposal: Proposal, world: FixWorld): Fix | null {
  const { id, label, asks, file, at } = proposal
  const before = world.text(file)
  if (before !== null && at !== undefined) {
    const place = { line: before.slice(0, at).split('\n').length, column: at - lineStart(before, at) + 1 }
    return { id, label, asks, change: null, place: { file, ...place } }
  }
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
