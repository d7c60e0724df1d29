import type { Context } from 'hono'
import { consentWords } from '../../core/publication.ts'
import { openUnsubscribeToken, type Unsubscribing } from '../../subscribers/unsubscribe-token.ts'
import { answerMessage } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import type { SiteEnv } from '../env.ts'
import { formFields } from '../form.ts'
import { proofOf } from '../proof.ts'
import type { Message } from '../views.ts'

/** The harmless link of a test message. */
const TEST_TOKEN = 'test'

/** As long as leaving can be undone, in milliseconds. */
const DAY = 86_400_000

/**
 * `/u/<token>`: GET shows a page with a button and changes nothing, so that mail scanners may open it (once
 * left, the page that says so);
 * POST leaves at once (RFC 8058 §3.2: no redirect, no cookie, no log-in), in either form encoding.
 * `/u/<token>/undo`: POST, within a day.
 */
export const leaving: Surface = (app, site) => {
  const { readers } = site

  app.get('/u/:token', (c) =>
    about(c, site, async (who, token) => {
      const name = nameOf(site, who)
      const account = await readers.account(who.publicId)
      const found = account?.subscriber.subscriptions.find((each) => each.newsletter === who.newsletter)
      if (found?.state === 'left') {
        const canUndo = site.clock.now() < (found.leftAt ?? 0) + DAY
        return answerMessage(c, site, leftMessage(site, name, canUndo ? token : null))
      }
      return answerMessage(c, site, {
        kind: 'leave',
        title: `Leave ${name}?`,
        paragraphs: [
          `You will get no more mail from ${name} by ${site.publication.name}. Nothing has changed yet.`,
        ],
        form: { action: `/u/${token}`, button: `Leave ${name}`, hidden: [{ name: 'from', value: 'page' }] },
        links: [preferencesLink],
      })
    }),
  )

  app.post('/u/:token', (c) =>
    about(c, site, async (who, token) => {
      const name = nameOf(site, who)
      const fromPage = (await formFields(c)).get('from') === 'page'
      const proof = proofOf(c, site, fromPage ? 'leave' : 'one-click', `Leave ${name}`)
      // Erased meanwhile is as good as left: whoever asks again gets the same answer.
      await readers.leave(who.publicId, who.newsletter, proof)
      if (!fromPage) return c.text(`You have left ${name}.\n`, 200, { 'Cache-Control': 'no-store' })
      return answerMessage(c, site, leftMessage(site, name, token))
    }),
  )

  app.post('/u/:token/undo', (c) =>
    about(c, site, async (who, token) => {
      const name = nameOf(site, who)
      const words = consentWords(site.publication, who.newsletter)
      const outcome = await readers.undoLeave(who.publicId, who.newsletter, proofOf(c, site, 'undo', words))
      if (outcome !== 'undone')
        return answerMessage(
          c,
          site,
          {
            kind: 'error',
            title: 'It is too late to undo this',
            paragraphs: [`Leaving can be undone for a day. To get ${name} again, sign up again.`],
            links: [{ href: '/subscribe', label: 'Sign up again' }, preferencesLink],
          },
          410,
        )
      return answerMessage(c, site, {
        kind: 'undone',
        title: `You get ${name} again`,
        paragraphs: ['As if you had never left.'],
        // No button where the last one was: a press too many must not take them off again.
        links: [preferencesLink, { href: `/u/${token}`, label: `Leave ${name} after all` }],
      })
    }),
  )
}

/** Answers for the person and the newsletter that the token names. */
function about(
  c: Context<SiteEnv, '/u/:token'>,
  site: SiteDeps,
  answer: (who: Unsubscribing, token: string) => Response | Promise<Response>,
): Response | Promise<Response> {
  const token = c.req.param('token')
  if (token === TEST_TOKEN) return answerMessage(c, site, testMessage)
  const who = openUnsubscribeToken(site.tokens, token)
  return who === null ? answerMessage(c, site, unknownLink(site), 404) : answer(who, token)
}

function nameOf({ publication }: SiteDeps, { newsletter }: Unsubscribing): string {
  return publication.newsletters[newsletter]?.name ?? newsletter
}

/** After leaving, and whenever the link is opened again; `token` is null once it is too late to undo it. */
function leftMessage({ publication }: SiteDeps, name: string, token: string | null) {
  const title = `You have left ${name}`
  const said = `${publication.name} will not send you ${name} any more.`
  if (token === null)
    return {
      kind: 'left',
      title,
      paragraphs: [`${said} To get it again, sign up again.`],
      links: [{ href: '/subscribe', label: 'Sign up again' }, preferencesLink],
    } satisfies Partial<Message>
  return {
    kind: 'left',
    title,
    paragraphs: [
      `${said} A message that was already on its way may still arrive.`,
      'Left by mistake? For a day, one press undoes it.',
    ],
    form: { action: `/u/${token}/undo`, button: 'Undo', hidden: [] },
    links: [preferencesLink],
  } satisfies Partial<Message>
}

const preferencesLink = { href: '/preferences', label: 'Other newsletters, a pause, your data' }

const testMessage = {
  kind: 'test',
  title: 'This was a test message',
  paragraphs: ['Its links are harmless: nobody is subscribed by it, and nobody was taken off.'],
} satisfies Partial<Message>

function unknownLink({
  publication: { replyTo, from },
}: SiteDeps): Pick<Message, 'kind' | 'title' | 'paragraphs'> {
  return {
    kind: 'error',
    title: 'This link does not work',
    paragraphs: [
      `It may have been cut off by your mail program. Open the link in the newest message again, or write to ${replyTo ?? from.address} and we will take you off.`,
    ],
  }
}
