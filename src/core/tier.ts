/** What a person may read: public < subscriber (confirmed, free) < member. */
export const tiers = ['public', 'subscriber', 'member'] as const

export type Tier = (typeof tiers)[number]

/** Whether a reader of `tier` may see what is marked for `access`. */
export function mayRead(tier: Tier, access: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(access)
}
