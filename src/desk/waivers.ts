import type { Node, Root } from 'mdast'
import type { Waiver } from '../brief/brief.ts'
import type { Citation } from '../brief/tree.ts'
import { isUnwaivable, unwaivable } from '../brief/waivers.ts'
import { finding, placeOf, type Finding, type Place } from '../core/finding.ts'
import { didYouMean } from '../core/nearest.ts'
import { rules } from '../core/rules.ts'
import type { CheckedIssue } from './checked-issue.ts'

/**
 * The findings, those that a waiver covers with its reason, and DC705 for each waiver that covers
 * nothing, is for a rule that may not be waived, or names no rule. A waiver for a rule among
 * `unchecked` is neither used nor a mistake; nor is one for a rule that this version does not have yet.
 */
export function applyWaivers(
  findings: readonly Finding[],
  loaded: CheckedIssue,
  unchecked: ReadonlySet<string> = new Set(),
): Finding[] {
  const used = new Set<Waiver>()
  const applied = findings.map((each) => {
    if (isUnwaivable(each.rule)) return each
    const covering = loaded.waivers.filter(
      (waiver) => waiver.rule === each.rule && covers(waiver, each, loaded),
    )
    for (const waiver of covering) used.add(waiver)
    const first = covering[0]
    return first === undefined ? each : { ...each, waived: first.reason }
  })
  // One finding may stand for every entry of the ledger, and then for each one’s waiver.
  const isOpen = (rule: string): boolean =>
    unchecked.has(rule) || (rule === 'DC703' && findings.some((each) => each.rule === rule))
  const rest = loaded.waivers.filter((waiver) => !used.has(waiver) && !isOpen(waiver.rule))
  return [...applied, ...rest.flatMap(idle)]
}

function idle(waiver: Waiver): Finding[] {
  if (isUnwaivable(waiver.rule)) {
    return [
      finding('DC705', waiver.place, unwaivable(waiver.rule), { hint: 'mend what the finding is about' }),
    ]
  }
  if (Object.hasOwn(rules, waiver.rule)) {
    const on = waiver.on === null ? '' : ` on “${waiver.on}”`
    return [
      finding('DC705', waiver.place, `This waiver of ${waiver.rule}${on} matches no finding.`, {
        hint: 'remove it',
      }),
    ]
  }
  if (/^DC\d{3}$/u.test(waiver.rule)) return []
  return [
    finding('DC705', waiver.place, `There is no rule “${waiver.rule}”.`, {
      hint: didYouMean(waiver.rule, Object.keys(rules)),
    }),
  ]
}

/** Whether `waiver` stands for the place of `each`: its file and lines, or the claim or source it names. */
function covers(waiver: Waiver, each: Finding, loaded: CheckedIssue): boolean {
  if (waiver.on === null) {
    if (waiver.place.file !== each.file) return false
    const { covers: lines } = waiver
    return lines === null || (each.line >= lines.fromLine && each.line <= lines.toLine)
  }
  const source = loaded.issue?.ledger.get(waiver.on)
  if (source !== undefined && isWithin(each, source.place)) {
    // A brief may only speak for itself and for the ledger that it shares.
    return true
  }
  return placesOf(waiver.on, waiver.place.file, loaded).some((place) => isWithin(each, place))
}

/** In `file`: the block of the claim `name`, and each citation of a source of that id. */
function placesOf(name: string, file: string, loaded: CheckedIssue): Place[] {
  const { issue } = loaded
  if (issue === null) return []
  const root: Root | undefined =
    file === issue.file && !issue.briefs.some((brief) => brief.file === file)
      ? issue.note
      : issue.briefs.find((brief) => brief.file === file)?.body
  if (root === undefined) return []
  const places: Place[] = []
  const walk = (node: Node, block: Node): void => {
    if (node.type === 'citation') {
      const citation = node as Citation
      if (citation.claim === name) places.push(placeOf(file, block.position))
      if (citation.items.some((item) => item.id === name || item.via === name)) {
        places.push(placeOf(file, node.position))
      }
    }
    const holder = phrasingHolders.has(node.type) ? node : block
    for (const child of childrenOf(node)) walk(child, holder)
  }
  walk(root, root)
  return places
}

/** The nodes whose sentences a claim belongs to. */
const phrasingHolders: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'tableRow',
  'scenario',
  'event',
  'figure',
])

function childrenOf(node: Node): readonly Node[] {
  return 'children' in node && Array.isArray(node.children) ? node.children : []
}

function isWithin(inner: Place, outer: Place): boolean {
  if (inner.file !== outer.file) return false
  const afterStart = inner.line > outer.line || (inner.line === outer.line && inner.column >= outer.column)
  const beforeEnd =
    inner.line < outer.endLine || (inner.line === outer.endLine && inner.column <= outer.endColumn)
  return afterStart && beforeEnd
}
