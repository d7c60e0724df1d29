import type { Mapping } from './mapping.ts'
import { neither, readYes } from './mapping-cell.ts'

/**
 * Ghost: Members, Export: `id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,
 * created_at,deleted_at,labels,tiers` (`products` for `tiers` before Ghost 5).
 */
export const ghost: Mapping = {
  system: 'Ghost',
  signs: [['subscribed_to_emails']],
  open: (file) => ({
    title: 'Ghost’s export of members',
    fields: {
      address: ['email'],
      name: ['name'],
      'consent-at': ['created_at'],
      'left-at': ['deleted_at'],
    },
    says: {
      subscribed_to_emails: 'state: false is “left”, who is never mailed',
      deleted_at: 'state: a date is “left”',
      complimentary_plan: 'tier: true is “member”',
      tiers: 'tier: any but Free is “member”',
      products: 'tier: any but Free is “member”',
    },
    // A Stripe customer may have stopped paying years ago: the tiers say who is a member.
    advice: null,
    decide(cell) {
      const subscribed = readYes(cell('subscribed_to_emails'))
      const complimentary = readYes(cell('complimentary_plan'))
      if (subscribed === null) return neither('subscribed_to_emails')
      if (complimentary === null) return neither('complimentary_plan')
      const tiers = `${cell('tiers')},${cell('products')}`
        .split(',')
        .map((tier) => tier.trim().toLowerCase())
        .filter((tier) => tier !== '' && tier !== 'free')
      // An old export has neither column: then --tier says it.
      const said = file.has('tiers') || file.has('products')
      return {
        tier: complimentary || tiers.length > 0 ? 'member' : said ? 'subscriber' : null,
        state: subscribed && cell('deleted_at') === '' ? 'confirmed' : 'left',
      }
    },
  }),
}
