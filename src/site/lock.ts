import type { Publication } from '../core/publication.ts'
import type { PageDocument, PageSource } from '../render/page-document.ts'
import type { Lock } from './views.ts'

/**
 * What a page says is locked for its tier: “9 sources, 3 open, 6 unlock when you confirm”, or null where
 * nothing is. *Open* is a source of whose line nothing is kept back: its link can be followed, or it has none
 * (a book, an interview). What `open` and `unlock` leave over are sources that only members' parts cite.
 * Counts alone: nothing of what is locked.
 *
 * @param only of a page about one source: that one
 */
export function lockOf(document: PageDocument, publication: Publication, only?: PageSource): Lock | null {
  const { tier, count } = document
  const sources = only === undefined ? document.sources : [only]
  const forMembers = only === undefined ? document.forMembers : 0
  const byTier = sources.filter(({ lockedByTier }) => lockedByTier).length
  const bySection = sources.filter(({ lockedBySection }) => lockedBySection).length
  const open = sources.length - byTier - bySection
  if (tier === 'member' || (open === sources.length && forMembers === 0)) return null
  // A brief for subscribers locks its sources by section for the public: `count` knows of them.
  const unlocked = only === undefined ? count.unlocked : byTier
  const bySubscribing = tier === 'public' && unlocked > 0
  return {
    total: sources.length,
    open,
    unlock: bySubscribing ? unlocked : bySection,
    forMembers,
    href: bySubscribing ? '/subscribe' : toBecomeMember(publication),
    by: bySubscribing ? 'subscriber' : 'member',
  }
}

/** There is no page on which to become a member: an operator makes members. */
function toBecomeMember({ replyTo, from, tiers }: Publication): string {
  return `mailto:${encodeURI(replyTo ?? from.address)}?subject=${encodeURIComponent(tiers.member)}`
}
