import type { Context } from 'hono'
import { consentWords } from '../../../core/publication.ts'
import { parseAddress } from '../../../subscribers/address.ts'
import type { Account, Session } from '../../../subscribers/readers.ts'
import type { SiteDeps, Surface } from '../../deps.ts'
import type { SiteEnv } from '../../env.ts'
import { goOn } from '../../go-on.ts'
import { proofOf } from '../../proof.ts'
import { forSession } from './for-session.ts'
import { isSubscribed, isWanted, showPreferences, type Saved } from './show.ts'

const WEEK = 7 * 86_400_000
const LONGEST_PAUSE = 52
/** Each writes to an address that need not be theirs. */
const CHANGES_A_DAY = 3

/** The forms of `/preferences` that change how mail comes. Sent twice, each does what it did once. */
export const settings: Surface = (app, site) => {
  const { publication, readers, clock } = site

  app.post(
    '/preferences/newsletters',
    forAccount(site, async (c, { session, account, fields }) => {
      const changes = Object.entries(publication.newsletters)
        .map(([key, { name }]) => ({ key, name, wanted: fields.has(`newsletter-${key}`) }))
        .filter(({ key, wanted }) => wanted !== isWanted(account, key))
      // The page says why, and what to do. Nothing is saved of a form that is refused.
      if (account.subscriber.suppression !== null && changes.some(({ wanted }) => wanted))
        return { problem: 'Nothing can be mailed to this address, and nothing was saved.' }
      for (const { key, name, wanted } of changes) {
        const words = wanted ? consentWords(publication, key) : `Leave ${name}`
        await readers.setNewsletter(session.publicId, key, wanted, proofOf(c, site, 'preferences', words))
      }
      return 'newsletters'
    }),
  )

  app.post(
    '/preferences/format',
    forAccount(site, async (_c, { session, fields }) => {
      const format = fields.get('format')
      if (format !== 'html' && format !== 'text') return { problem: 'Choose one of the two formats.' }
      await readers.setFormat(session.publicId, format)
      return 'format'
    }),
  )

  app.post(
    '/preferences/pause',
    forAccount(site, async (_c, { session, account, fields }) => {
      const weeks = Number(/^\d{1,2}$/.exec(fields.get('weeks') ?? '')?.[0] ?? Number.NaN)
      if (!(weeks <= LONGEST_PAUSE)) return { problem: 'Choose for how long, a year at most.' }
      if (weeks > 0 && !isSubscribed(account))
        return { problem: 'You get no newsletter that could be paused.' }
      await readers.pause(session.publicId, weeks === 0 ? null : clock.now() + weeks * WEEK)
      return weeks === 0 ? 'resumed' : 'paused'
    }),
  )

  app.post(
    '/preferences/address',
    forAccount(site, async (_c, { session, account, fields }) => {
      // The letter that asks the former address would never be written; the page says what to do instead.
      if (account.subscriber.suppression !== null)
        return { problem: 'The address cannot be changed here: nothing can be mailed to the one of now.' }
      const address = parseAddress(fields.get('email') ?? '')
      if (!address.ok) return { problem: `The new address ${address.reason}.` }
      const limit = { most: CHANGES_A_DAY, windowMs: 86_400_000 }
      if (!(await readers.allow('change', session.publicId, limit)))
        return {
          problem: 'You have asked for many changes today. Please try again tomorrow.',
          status: 429,
        }
      if ((await readers.askChange(session.publicId, address.value)) === 'same-address')
        return { problem: 'That is your address already.' }
      site.wakeMailer()
      return 'address'
    }),
  )

  app.post(
    '/preferences/keep-address',
    forAccount(site, async (_c, { session }) => {
      await readers.dropChange(session.publicId)
      return 'kept'
    }),
  )

  app.post(
    '/preferences/views',
    forAccount(site, async (_c, { session }) => {
      await readers.revokeViews(session.publicId)
      return 'views'
    }),
  )
}

interface Asked {
  readonly session: Session
  readonly account: Account
  readonly fields: ReadonlyMap<string, string>
}

type Outcome = Saved | { readonly problem: string; readonly status?: 429 }

/** A form of the page: done, the page says so; else it says what is wrong. */
function forAccount(site: SiteDeps, act: (c: Context<SiteEnv>, asked: Asked) => Promise<Outcome>) {
  return forSession(site, async (c, session, fields) => {
    const account = await site.readers.account(session.publicId)
    if (account === null) return goOn(c, '/log-in')
    const outcome = await act(c, { session, account, fields })
    if (typeof outcome === 'string') return goOn(c, `/preferences?saved=${outcome}`)
    const { problem, status = 422 } = outcome
    const newAddress = fields.get('email') ?? ''
    return showPreferences(c, site, { account, session, problem, newAddress }, status)
  })
}
