import { answerMessage } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import { formFields } from '../form.ts'
import { openUnsubscribeToken, type Unsubscribing } from '../../subscribers/unsubscribe-token.ts'
import type { Message } from '../views.ts'

/** The harmless link of a test message. */
const TEST_TOKEN = 'test'

/**
 * `/u/<token>`: GET shows a page with a button and changes nothing, so that mail scanners may open it;
 * POST leaves at once (RFC 8058 §3.2: no redirect, no cookie, no log-in), in either form encoding.
 */
export const leaving: Surface = (app, site) => {
  const { publication, readers } = site
  const nameOf = ({ newsletter }: Unsubscribing): string =>
    publication.newsletters[newsletter]?.name ?? newsletter

  app.get('/u/:token', (c) => {
    const token = c.req.param('token')
    if (token === TEST_TOKEN) return answerMessage(c, site, testMessage)
    const who = openUnsubscribeToken(site.tokens, token)
    if (who === null) return answerMessage(c, site, unknownLink(site), 404)
    const name = nameOf(who)
    return answerMessage(c, site, {
      kind: 'leave',
      title: `Leave ${name}?`,
      paragraphs: [`You will get no more mail from ${name} by ${publication.name}. Nothing has changed yet.`],
      form: {
        action: `/u/${token}`,
        button: `Leave ${name}`,
        hidden: [{ name: 'from', value: 'page' }],
      },
    })
  })

  app.post('/u/:token', async (c) => {
    const token = c.req.param('token')
    if (token === TEST_TOKEN) return answerMessage(c, site, testMessage)
    const who = openUnsubscribeToken(site.tokens, token)
    if (who === null) return answerMessage(c, site, unknownLink(site), 404)
    const name = nameOf(who)
    const fromPage = (await formFields(c)).get('from') === 'page'
    const form = fromPage ? 'leave' : 'one-click'
    const proof = { askedAt: site.clock.now(), form, words: `Leave ${name}`, network: null } as const
    await readers.leave(who.publicId, who.newsletter, proof)
    if (!fromPage) return c.text(`You have left ${name}.\n`, 200, { 'Cache-Control': 'no-store' })
    return answerMessage(c, site, {
      kind: 'left',
      title: `You have left ${name}`,
      paragraphs: [
        `It happened just now: ${publication.name} will not send you ${name} any more. A message that was already on its way may still arrive.`,
        `Left by mistake? Write to ${addressOf(site)}.`,
      ],
    })
  })
}

const testMessage = {
  kind: 'test',
  title: 'This was a test message',
  paragraphs: ['Its links are harmless: nobody is subscribed by it, and nobody was taken off.'],
} satisfies Partial<Message>

function unknownLink(site: SiteDeps): Pick<Message, 'kind' | 'title' | 'paragraphs'> {
  return {
    kind: 'error',
    title: 'This link does not work',
    paragraphs: [
      `It may have been cut off by your mail program. Open the link in the newest message again, or write to ${addressOf(site)} and we will take you off.`,
    ],
  }
}

function addressOf({ publication }: SiteDeps): string {
  return publication.replyTo ?? publication.from.address
}
