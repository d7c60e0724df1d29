import { readDate } from './import-date.ts'
import type { Decision, Mapping, OpenMapping } from './mapping.ts'
import { neither, readYes } from './mapping-cell.ts'

/** Addresses that Substack writes over those of people who asked to be deleted. */
const deleted = /@deletion-request\.substack\.com$/i

const paying = new Set([
  'paid',
  'comp',
  'gift',
  'founding',
  'lifetime',
  'group',
  'trial',
  'monthly',
  'annual',
  'yearly',
])
const free = new Set(['', 'free', 'subscriber', 'none'])

/**
 * Substack has two: Settings, Export (`email_list.<publication>.csv`: `email,active_subscription,expiry,plan,
 * email_disabled,created_at,first_payment_at`) and the Subscribers page (`Email,Name,Stripe plan,Cancel date,
 * Start date,Type` and what was chosen there). Who unsubscribed from all mail is in neither.
 */
export const substack: Mapping = {
  system: 'Substack',
  signs: [
    ['active_subscription'],
    ['email_disabled', 'created_at'],
    ['Type', 'Stripe plan'],
    ['Type', 'Start date', 'Activity'],
  ],
  open: (file) =>
    file.has('Type') && !file.has('active_subscription')
      ? subscribersPage
      : emailList(file.has('active_subscription')),
}

/** @param paid whether it says who pays; else --tier does */
const emailList = (paid: boolean): OpenMapping => ({
  title: 'Substack’s email list',
  fields: { address: ['email'], name: ['name'], 'consent-at': ['created_at'] },
  says: {
    active_subscription: 'tier: true is “member”',
    expiry: 'tier: over before today is “subscriber”',
    email_disabled: 'state: true is “left”, who is never mailed',
  },
  advice: null,
  decide(cell, now) {
    if (deleted.test(cell('email'))) return erased
    const active = readYes(cell('active_subscription'))
    const disabled = readYes(cell('email_disabled'))
    if (active === null) return neither('active_subscription')
    if (disabled === null) return neither('email_disabled')
    const expiry = readDate(cell('expiry'))
    if (expiry === 'unreadable') return 'The column expiry holds no date such as 2026-03-31.'
    const over = expiry !== null && expiry < now
    const tier = active && !over ? 'member' : 'subscriber'
    return { tier: paid ? tier : null, state: disabled ? 'left' : 'confirmed' }
  },
})

const subscribersPage: OpenMapping = {
  title: 'Substack’s page of subscribers',
  fields: { address: ['Email'], name: ['Name'], 'consent-at': ['Start date'] },
  says: { Type: 'tier: all but Free is “member”' },
  advice:
    'This file does not say whose mail is switched off: “email_list” from Settings, Export does. Import that one too.',
  decide(cell): Decision | string {
    if (deleted.test(cell('Email'))) return erased
    const [first = ''] = cell('Type')
      .toLowerCase()
      .split(/[^a-z]+/)
    if (free.has(first)) return { tier: 'subscriber', state: null }
    if (paying.has(first)) return { tier: 'member', state: null }
    return 'The column Type says neither Free nor how they pay; --map tier=<column> names another.'
  },
}

const erased = 'They asked Substack to delete them.'
