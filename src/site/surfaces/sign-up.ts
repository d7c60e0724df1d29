import type { Context } from 'hono'
import { consentWords } from '../../core/publication.ts'
import { parseAddress } from '../../subscribers/address.ts'
import { answerMessage, answerOwn } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import type { SiteEnv } from '../env.ts'
import { formFields } from '../form.ts'
import { mayAsk, networkToKeep } from '../network.ts'

/** A field that no person sees: who fills it in is a program. */
const TRAP = 'website'

/**
 * `/subscribe`: POST asks for a confirmation by mail. It looks nobody up: the wish is written down, the same
 * row for every address, and what comes of it is the mailer's matter. The answer and its time tell nothing.
 */
export const signUp: Surface = (app, site) => {
  app.get('/subscribe', (c) => form(c, site, { problem: null, email: '' }))

  app.post('/subscribe', async (c) => {
    const fields = await formFields(c)
    const email = fields.get('email') ?? ''
    const newsletter = fields.get('newsletter') ?? Object.keys(site.publication.newsletters)[0] ?? ''
    const address = parseAddress(email)
    if (!Object.hasOwn(site.publication.newsletters, newsletter))
      return form(c, site, { problem: 'Choose which newsletter you would like.', email }, 422)
    if (!address.ok)
      return form(c, site, { problem: `That is no e-mail address: it ${address.reason}.`, email }, 422)
    if (!(await mayAsk(site, c.var.address))) return tooMany(c, site)
    if ((fields.get(TRAP) ?? '') === '') {
      const words = consentWords(site.publication, newsletter)
      const network = networkToKeep(c.var.address, site)
      const proof = { askedAt: site.clock.now(), form: 'sign-up', words, network } as const
      await site.readers.ask({ kind: 'sign-up', address: address.value, newsletter, proof })
      site.wakeMailer()
    }
    return answerMessage(c, site, {
      kind: 'asked',
      title: 'Look in your mail',
      paragraphs: [
        'If mail can be sent to the address that you gave, a message with a link is on its way. Open the link and press the button there: nothing is sent to you before that.',
        `It comes from ${site.publication.from.address}, once a day at most, and its link holds for seven days. If it is not there in a few minutes, look among the unwanted mail.`,
      ],
    })
  })
}

function form(
  c: Context<SiteEnv>,
  { pages }: SiteDeps,
  view: { readonly problem: string | null; readonly email: string },
  status: 200 | 422 = 200,
): Response {
  return answerOwn(
    c,
    pages.render('subscribe', { title: 'Subscribe', signUp: false }, view, c.var.reader),
    status,
  )
}

/** What a network that sent too many forms is told (RFC 6585 §4). */
function tooMany(c: Context<SiteEnv>, site: SiteDeps): Response {
  c.header('Retry-After', '3600')
  const message = {
    kind: 'error',
    title: 'Too many for now',
    paragraphs: [
      'Too many forms were sent from your network within an hour. Please try again in an hour; nothing was done with this one.',
    ],
  }
  return answerMessage(c, site, message, 429)
}
