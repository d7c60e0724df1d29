import type { Context } from 'hono'
import type { Peeked } from '../../subscribers/readers.ts'
import { answerMessage } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import { endHere } from '../end-session.ts'
import type { SiteEnv } from '../env.ts'
import type { Message } from '../views.ts'

/** `/change/<token>`: GET shows what would change, POST says yes, once from each address. */
export const changeAddress: Surface = (app, site) => {
  const { readers } = site

  app.get('/change/:token', async (c) => {
    const token = c.req.param('token')
    const { peeked } = await sideOf(site, token)
    if (peeked.state !== 'good') return answer(c, site, peeked.state)
    const { change } = peeked
    return answerMessage(c, site, {
      kind: 'change',
      title: 'Change your address?',
      paragraphs: [
        change === null
          ? `${site.publication.name} was asked to write to another address.`
          : `${site.publication.name} was asked to write to ${change.to} instead of ${change.from}.`,
        'Nothing has changed yet. It needs a yes from both addresses. If it was not you, do nothing: after two days the links end by themselves.',
      ],
      form: { action: `/change/${encodeURIComponent(token)}`, button: 'Yes, change it', hidden: [] },
    })
  })

  app.post('/change/:token', async (c) => {
    const token = c.req.param('token')
    const { purpose } = await sideOf(site, token)
    const outcome = await readers.agreeToChange(purpose, token)
    site.wakeMailer()
    if (outcome === 'changed') {
      // Every session has ended, the one of this browser too.
      endHere(c, site)
    }
    return answer(c, site, outcome)
  })
}

/** Which of the two addresses a link was mailed to. */
async function sideOf(
  { readers }: SiteDeps,
  token: string,
): Promise<{ readonly purpose: 'change-from' | 'change-to'; readonly peeked: Peeked }> {
  const from = await readers.peek('change-from', token)
  if (from.state !== 'unknown') return { purpose: 'change-from', peeked: from }
  return { purpose: 'change-to', peeked: await readers.peek('change-to', token) }
}

const preferencesLink = { href: '/preferences', label: 'Your preferences' }

const answers = {
  half: {
    title: 'Half done',
    paragraphs: [
      'Thank you. Now the other address must say yes: open the message that we sent there and press its button. Until then everything stays as it was.',
    ],
    links: [],
    status: 200,
  },
  changed: {
    title: 'Your address is changed',
    paragraphs: [
      'Both addresses have said yes, and from now on mail goes to the new one. You are logged out everywhere.',
    ],
    links: [{ href: '/log-in', label: 'Log in with the new address' }],
    status: 200,
  },
  taken: {
    title: 'That address is subscribed already',
    paragraphs: [
      'So nothing was changed. Log in with that address to use its subscription; to have one subscription alone, leave with the other.',
    ],
    links: [{ href: '/log-in', label: 'Log in' }],
    status: 409,
  },
  used: {
    title: 'This address has said yes before',
    paragraphs: [
      'There is nothing more to do with this link. If the address has not changed yet, the other one must still say yes.',
    ],
    links: [preferencesLink],
    status: 410,
  },
  expired: {
    title: 'This link is too old',
    paragraphs: ['It held for two days, and nothing was changed. Ask for the change once more.'],
    links: [preferencesLink],
    status: 410,
  },
  unknown: {
    title: 'This link does not work',
    paragraphs: [
      'It is too old, your mail program has cut it off, the change was taken back, or a later one took its place. Open the link in the newest message, or ask for the change once more.',
    ],
    links: [preferencesLink],
    status: 404,
  },
} as const

function answer(c: Context<SiteEnv>, site: SiteDeps, outcome: keyof typeof answers): Response {
  const { status, ...message } = answers[outcome]
  const kind: Message['kind'] = status === 200 ? `change-${outcome}` : 'error'
  return answerMessage(c, site, { kind, ...message }, status)
}
