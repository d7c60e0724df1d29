import type { Context } from 'hono'
import { parseAddress } from '../../subscribers/address.ts'
import { answerMessage, answerOwn } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import { endFormer, endHere } from '../end-session.ts'
import type { SiteEnv } from '../env.ts'
import { formFields, ownPath } from '../form.ts'
import { goOn } from '../go-on.ts'
import { enter } from '../middleware/access.ts'
import { mayAsk } from '../network.ts'
import type { Message } from '../views.ts'
import { forSession } from './preferences/for-session.ts'

/**
 * `/log-in`: asks for a link by mail, with one answer for every address; `/log-in/<token>`: GET shows a button,
 * POST logs in. `/log-out`: POST.
 */
export const logIn: Surface = (app, site) => {
  const { readers } = site

  app.get('/log-in', (c) => {
    const next = ownPath(c.req.query('next'))
    return c.var.reader.signedIn ? goOn(c, next) : showForm(c, site, { problem: null, next, email: '' })
  })

  app.post('/log-in', async (c) => {
    const fields = await formFields(c)
    const next = ownPath(fields.get('next'))
    const email = fields.get('email') ?? ''
    const address = parseAddress(email)
    if (!address.ok) return showForm(c, site, { problem: `The address ${address.reason}.`, next, email }, 422)
    if (!(await mayAsk(site, c.var.address))) {
      c.header('Retry-After', '3600')
      return answerMessage(c, site, tooMany, 429)
    }
    await readers.ask({ kind: 'log-in', address: address.value, next })
    site.wakeMailer()
    return answerMessage(c, site, askedFor(address.value.address))
  })

  app.get('/log-in/:token', async (c) => {
    const token = c.req.param('token')
    const peeked = await readers.peek('log-in', token)
    if (peeked.state !== 'good') return answerLink(c, site, peeked.state)
    return answerMessage(c, site, {
      kind: 'log-in',
      title: `Log in to ${site.publication.name}?`,
      paragraphs: ['One press, and this browser is logged in. Nothing has happened yet.'],
      form: { action: `/log-in/${encodeURIComponent(token)}`, button: 'Log in', hidden: [] },
    })
  })

  app.post('/log-in/:token', async (c) => {
    const entered = await readers.logIn(c.req.param('token'))
    if (entered.state === 'entered') {
      await endFormer(c, site)
      enter(c, site, entered.session)
      return goOn(c, entered.next)
    }
    // Pressed twice: the first press logged in, and its answer was not waited for.
    if (entered.state === 'used' && c.var.reader.signedIn) return goOn(c, null)
    return answerLink(c, site, entered.state)
  })

  app.post('/log-out', async (c, next) => {
    // Pressed twice, or the session had ended: it is as they wish.
    if (c.var.reader.session === null) return loggedOut(c, site)
    return forSession(site, async () => {
      await endFormer(c, site)
      return loggedOut(c, site)
    })(c, next)
  })
}

function loggedOut(c: Context<SiteEnv>, site: SiteDeps): Response {
  endHere(c, site)
  return answerMessage(c, site, {
    kind: 'logged-out',
    title: 'You are logged out',
    paragraphs: ['On this browser. Where you are logged in elsewhere, you still are.'],
    links: [{ href: '/log-in', label: 'Log in again' }],
  })
}

function showForm(
  c: Context<SiteEnv>,
  { pages }: SiteDeps,
  view: { readonly problem: string | null; readonly next: string | null; readonly email: string },
  status: 200 | 422 = 200,
): Response {
  const head = { title: 'Log in', signUp: false }
  return answerOwn(c, pages.render('log-in', head, view, c.var.reader), status)
}

function askedFor(address: string): Pick<Message, 'kind' | 'title' | 'paragraphs' | 'links'> {
  return {
    kind: 'log-in-asked',
    title: 'Look into your mail',
    paragraphs: [
      `If ${address} is subscribed, a message with a link is on its way to it. The link holds for 15 minutes and works once.`,
      'Nothing there after some minutes? Look among the spam, and whether the address is the one you subscribed with.',
    ],
    links: [
      { href: '/log-in', label: 'Try another address' },
      { href: '/subscribe', label: 'Subscribe' },
    ],
  }
}

const tooMany = {
  kind: 'error',
  title: 'Too many forms',
  paragraphs: ['Your network has sent many forms in this hour. Please try again in an hour.'],
} satisfies Partial<Message>

const anotherLink = [{ href: '/log-in', label: 'Get another link' }]

const links = {
  used: {
    title: 'This link was used before',
    paragraphs: [
      'A log-in link works once. If it was you, just now, you may be logged in already: look at your preferences. Else get another link.',
    ],
    links: [{ href: '/preferences', label: 'Your preferences' }, ...anotherLink],
    status: 410,
  },
  expired: {
    title: 'This link is too old',
    paragraphs: ['A log-in link holds for 15 minutes. Get another one, and open it soon.'],
    links: anotherLink,
    status: 410,
  },
  // What expired some time ago is forgotten.
  unknown: {
    title: 'This link does not work',
    paragraphs: [
      'It is too old, or your mail program has cut it off. Open it in the newest message, or get another one.',
    ],
    links: anotherLink,
    status: 404,
  },
} as const

function answerLink(c: Context<SiteEnv>, site: SiteDeps, state: keyof typeof links): Response {
  const { status, ...message } = links[state]
  return answerMessage(c, site, { kind: 'error', ...message }, status)
}
