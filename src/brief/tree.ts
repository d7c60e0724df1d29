import type { BlockContent, Node, Parent, PhrasingContent, RootContent } from 'mdast'
import type { LikelihoodTerm } from './likelihood.ts'

/**
 * The tree of a brief: mdast (CommonMark, GFM tables, strikethrough, autolinks) with these nodes
 * besides. Every node keeps its position in the editor's file. What holds text is always under
 * `children`, so that one walk sees every word. Directive nodes of micromark never leave `brief/`.
 */

/** One source within a citation's brackets. */
export interface CitationItem {
  /** The id of a source in the ledger. */
  readonly id: string
  /** “p. 18”, or null. */
  readonly locator: string | null
  /** The exact words of the source that support the sentence, or null. */
  readonly quote: string | null
  /** The id of the relay through which the origin was reached, or null. */
  readonly via: string | null
}

/** `[@id; @other]`, or `@id` in the run of a sentence (narrative). */
export interface Citation extends Node {
  type: 'citation'
  items: readonly CitationItem[]
  /** Shows the publisher's name before the number. */
  narrative: boolean
  /** `{key}`: the sentence is a key claim. */
  key: boolean
  /** `{id=…}`: names the claim. */
  claim: string | null
  /** `{scope=para}`: covers the whole paragraph. */
  scope: 'sentence' | 'para'
  /** Filled in by projection: what a reader of one tier sees; one a cited source, relays included. */
  marks?: readonly CitationMark[]
}

/** One number of a citation as a reader of a tier sees it. */
export interface CitationMark {
  readonly number: number
  readonly publisher: string
  /** The link to the source, at the passage where a quotation is known; null where the tier may not follow it. */
  readonly href: string | null
  /** The number of the relay through which it was reached, or null. */
  readonly via: number | null
}

export interface Members extends Parent {
  type: 'members'
  teaser: string
  children: RootContent[]
}

/** Stands where a members' section, or a whole brief, was taken out by projection. */
export interface Teaser extends Node {
  type: 'teaser'
  teaser: string
}

export interface Scenarios extends Parent {
  type: 'scenarios'
  children: Scenario[]
}

export interface Scenario extends Parent {
  type: 'scenario'
  name: string
  likelihood: LikelihoodTerm
  children: PhrasingContent[]
}

export interface Timeline extends Parent {
  type: 'timeline'
  /** Sorted by `date`, then as written. */
  children: TimelineEvent[]
}

export interface TimelineEvent extends Parent {
  type: 'event'
  /** EDTF. */
  date: string
  /** EDTF: the last day of a range, or null. */
  until: string | null
  children: PhrasingContent[]
}

export interface Figures extends Parent {
  type: 'figures'
  children: Figure[]
}

export interface Figure extends Parent {
  type: 'figure'
  /** The number as written: “346”, “6,000–6,500”. */
  value: string
  children: PhrasingContent[]
}

export interface Positions extends Parent {
  type: 'positions'
  children: Position[]
}

export interface Position extends Parent {
  type: 'position'
  party: string
  children: BlockContent[]
}

export interface Pullquote extends Parent {
  type: 'pullquote'
  children: BlockContent[]
}

export interface Note extends Parent {
  type: 'note'
  children: RootContent[]
}

export interface Correction extends Parent {
  type: 'correction'
  children: RootContent[]
}

export interface Button extends Parent {
  type: 'button'
  href: string
  children: PhrasingContent[]
}

/** `<!-- desk-ok DC503: reason -->` before a block. */
export interface WaiverComment extends Node {
  type: 'waiver'
  rule: string
  reason: string
}

declare module 'mdast' {
  interface PhrasingContentMap {
    citation: Citation
  }
  interface BlockContentMap {
    teaser: Teaser
    members: Members
    scenarios: Scenarios
    timeline: Timeline
    figures: Figures
    positions: Positions
    pullquote: Pullquote
    note: Note
    correction: Correction
    button: Button
    waiver: WaiverComment
  }
  interface RootContentMap {
    citation: Citation
    teaser: Teaser
    members: Members
    scenarios: Scenarios
    scenario: Scenario
    timeline: Timeline
    event: TimelineEvent
    figures: Figures
    figure: Figure
    positions: Positions
    position: Position
    pullquote: Pullquote
    note: Note
    correction: Correction
    button: Button
    waiver: WaiverComment
  }
}
