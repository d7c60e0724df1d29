import type { Node } from 'mdast'
import type { Waiver } from '../brief/brief.ts'
import { mayRead, type Tier } from '../core/tier.ts'
import type { Issue, ProjectedWaiver } from './issue.ts'
import { projectionOf } from './projection.ts'
import { mayFollow } from './project-sources.ts'
import { childrenOf, isCitation, isWithheld, readable, textsOf } from './withheld.ts'

/**
 * The editors' exceptions that a reader of `tier` is told of: all but those written within what the
 * tier may not read, those of a block that holds some of it, or on a source that only such text
 * cites, since a reason may quote it.
 */
export function projectWaivers(issue: Issue, waivers: readonly Waiver[], tier: Tier): ProjectedWaiver[] {
  const { mask, cited } = projectionOf(issue, tier)
  const withheldClaims = claimsWithheld(issue, tier)
  return waivers
    .filter((waiver) => !isLocked(issue, waiver, tier))
    .filter(({ on }) => {
      if (on !== null && withheldClaims.has(on)) return false
      const source = on === null ? undefined : issue.ledger.get(on)
      return (
        source === undefined ||
        mayFollow(issue, source, mayRead(tier, 'subscriber') ? tier : 'subscriber', cited)
      )
    })
    .map(({ rule, on, reason, place }) => ({ rule, on, reason: mask.text(reason), file: place.file }))
}

function isLocked(issue: Issue, { place, covers }: Waiver, tier: Tier): boolean {
  // What stands for a whole file names no block.
  const stretches = [{ fromLine: place.line, toLine: place.line }, ...(covers === null ? [] : [covers])]
  return textsOf(issue).some((text) => {
    if (text.file !== place.file) return false
    return !mayRead(tier, text.access) || stretches.some((lines) => holdsWithheld(text.root, lines, tier))
  })
}

/** Whether `lines` meet a node that `tier` may not read. */
function holdsWithheld(node: Node, lines: NonNullable<Waiver['covers']>, tier: Tier): boolean {
  if (isWithheld(node, tier)) {
    const { position } = node
    return (
      position === undefined || (lines.fromLine <= position.end.line && lines.toLine >= position.start.line)
    )
  }
  return childrenOf(node).some((child) => holdsWithheld(child, lines, tier))
}

/** The names of claims that stand only in what `tier` may not read. */
function claimsWithheld(issue: Issue, tier: Tier): ReadonlySet<string> {
  const all = new Set(textsOf(issue).flatMap((text) => claimsIn([...readable(text.root, 'member')])))
  const shown = textsOf(issue).filter((text) => mayRead(tier, text.access))
  for (const claim of shown.flatMap((text) => claimsIn([...readable(text.root, tier)]))) all.delete(claim)
  return all
}

function claimsIn(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => (isCitation(node) && node.claim !== null ? [node.claim] : []))
}
