import type { PublicationHead } from '../../contract/issues.ts'

/** The names that the publication gives its tiers; the usual ones until they are known. */
export function tiersOf(publication: PublicationHead | null | undefined): PublicationHead['tiers'] {
  return publication?.tiers ?? { public: 'Public', subscriber: 'Subscribers', member: 'Members' }
}
