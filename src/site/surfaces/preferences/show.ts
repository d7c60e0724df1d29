import type { Context } from 'hono'
import { consentWords, type Publication } from '../../../core/publication.ts'
import { formatDate } from '../../../render/date.ts'
import type { Account, Session } from '../../../subscribers/readers.ts'
import type { Subscription } from '../../../subscribers/subscriber.ts'
import { answerOwn } from '../../answer.ts'
import type { SiteDeps } from '../../deps.ts'
import type { SiteEnv } from '../../env.ts'
import { csrfToken } from '../../middleware/csrf.ts'
import type { PageViews } from '../../views.ts'

/** What can have been saved, as `?saved=` of the page names it: nobody can make the page say anything else. */
const sentences = {
  newsletters: 'Your newsletters are saved.',
  format: 'The format is saved: your next message comes in it.',
  paused: 'Mail is paused.',
  resumed: 'Mail comes again.',
  address: 'We have written to both addresses. The address changes once both have said yes, within two days.',
  kept: 'Your address stays as it is. The links that we mailed to change it no longer hold.',
  views: 'The links “view in browser” in mail that you have been sent until now no longer show an issue.',
} as const

export type Saved = keyof typeof sentences

/** The page, with what was saved or what was wrong. */
export function showPreferences(
  c: Context<SiteEnv>,
  site: SiteDeps,
  { account, session, problem = null, newAddress = '' }: Shown,
  status: 200 | 422 | 429 = 200,
): Response {
  const { publication, tokens } = site
  const code = c.req.method === 'GET' ? c.req.query('saved') : undefined
  const view: PageViews['preferences'] = {
    account,
    problem,
    newAddress,
    csrf: csrfToken(tokens, session),
    saved: code !== undefined && Object.hasOwn(sentences, code) ? sentences[code as Saved] : null,
    paused: pauseOf(publication, account),
    stopped: account.subscriber.suppression === null ? null : stopped(publication),
    newsletters: Object.entries(publication.newsletters).map(([key, { name, description }]) => ({
      key,
      name,
      description,
      wanted: isWanted(account, key),
      words: consentWords(publication, key),
    })),
  }
  const head = { title: 'Your preferences', signUp: false }
  return answerOwn(c, site.pages.render('preferences', head, view, c.var.reader), status)
}

interface Shown {
  readonly account: Account
  readonly session: Session
  readonly problem?: string | null
  readonly newAddress?: string
}

/** Whether a person gets a newsletter, or will once their pause is over. */
export function isWanted({ subscriber }: Account, newsletter: string): boolean {
  return subscriber.subscriptions.some((each) => each.newsletter === newsletter && isLive(each))
}

/** Whether they get any. */
export function isSubscribed({ subscriber }: Account): boolean {
  return subscriber.subscriptions.some(isLive)
}

function isLive({ state }: Subscription): boolean {
  return state === 'confirmed' || state === 'paused'
}

function pauseOf(
  { lang, timeZone }: Publication,
  { subscriber }: Account,
): PageViews['preferences']['paused'] {
  const paused = subscriber.subscriptions.filter(({ state }) => state === 'paused')
  if (paused.length === 0) return null
  const ends = paused.flatMap(({ pausedUntil }) => (pausedUntil === null ? [] : [pausedUntil]))
  if (ends.length < paused.length) return { untilText: null }
  // “2026-02-14”, as the day is where the publication is.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(Math.max(...ends))
  return { untilText: formatDate(day, lang) }
}

function stopped({ replyTo, from }: Publication): string {
  return `We may not write to this address any more: its mail came back, or somebody asked us not to. To get mail again, here or at another address, write to ${replyTo ?? from.address}.`
}
