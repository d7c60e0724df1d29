import type { Context } from 'hono'
import { answerMessage } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import { endFormer } from '../end-session.ts'
import type { SiteEnv } from '../env.ts'
import { enter } from '../middleware/access.ts'

/**
 * `/confirm/<token>`: GET shows a button and changes nothing, so that mail scanners may open it; POST
 * confirms, once, keeps the proof of consent, logs in and asks for the welcome letter.
 */
export const confirm: Surface = (app, site) => {
  const nameOf = (newsletter: string | null): string =>
    site.publication.newsletters[newsletter ?? '']?.name ?? site.publication.name

  app.get('/confirm/:token', async (c) => {
    const token = c.req.param('token')
    const found = await site.readers.peek('confirm', token)
    if (found.state !== 'good') return notGood(c, site, found.state)
    const name = nameOf(found.newsletter)
    return answerMessage(c, site, {
      kind: 'confirm',
      title: `Subscribe to ${name}?`,
      paragraphs: [`Press the button to get ${name} by mail. Nothing has happened yet.`],
      form: { action: `/confirm/${token}`, button: `Yes, subscribe me to ${name}`, hidden: [] },
    })
  })

  app.post('/confirm/:token', async (c) => {
    const entered = await site.readers.confirm(c.req.param('token'))
    if (entered.state !== 'entered' && entered.state !== 'confirmed') return notGood(c, site, entered.state)
    site.wakeMailer()
    const name = nameOf(entered.newsletter)
    const welcome = 'A message with the latest issue is on its way to you.'
    if (entered.state === 'confirmed')
      return answerMessage(c, site, {
        kind: 'confirmed',
        title: `You are subscribed to ${name}`,
        paragraphs: [
          welcome,
          'This link is too old to log you in as well: to see your preferences, or all sources in this browser, get a link to log in.',
        ],
        links: [
          { href: '/', label: 'Read the issues' },
          { href: '/log-in', label: 'Log in by mail' },
        ],
      })
    await endFormer(c, site)
    enter(c, site, entered.session)
    const session = await site.readers.session(entered.session)
    if (session !== null) c.set('reader', { tier: session.tier, signedIn: true, session })
    return answerMessage(c, site, {
      kind: 'confirmed',
      title: `You are subscribed to ${name}`,
      paragraphs: [
        'The links to all sources are open for you in this browser from now on, and in every message.',
        welcome,
      ],
      links: [
        { href: '/', label: 'Read the issues' },
        { href: '/preferences', label: 'Your preferences' },
      ],
    })
  })
}

function notGood(c: Context<SiteEnv>, site: SiteDeps, state: 'used' | 'expired' | 'unknown'): Response {
  switch (state) {
    case 'used':
      return answerMessage(c, site, {
        kind: 'used',
        title: 'This link has been used',
        paragraphs: ['Your subscription was confirmed with it before. There is nothing left to do.'],
        links: [{ href: '/log-in', label: 'Log in by mail' }],
      })
    case 'expired':
      return answerMessage(
        c,
        site,
        {
          kind: 'expired',
          title: 'This link has expired',
          paragraphs: ['It held for seven days, and nothing was kept of your address. Please sign up again.'],
          links: [{ href: '/subscribe', label: 'Sign up again' }],
        },
        410,
      )
    case 'unknown':
      return answerMessage(
        c,
        site,
        {
          kind: 'error',
          title: 'This link does not work',
          paragraphs: [
            'It may have been cut off by your mail program, or it is from a sign-up long ago. Open the link in the newest message, or sign up again.',
          ],
          links: [{ href: '/subscribe', label: 'Sign up again' }],
        },
        404,
      )
  }
}
