import type { Context, Hono } from 'hono'
import { html } from 'hono/html'
import { openUnsubscribeToken, type Unsubscribing } from '../subscribers/unsubscribe-token.ts'
import type { Markup, PageWriter } from './page.ts'
import type { SiteDeps } from './deps.ts'

/** Whom a link is about, and what the newsletter is called. */
interface Leaver extends Unsubscribing {
  readonly name: string
}

/** The harmless link of a test message. */
const TEST_TOKEN = 'test'

/**
 * `/u/<token>`: GET shows a page with a button and changes nothing, so that mail scanners may open it;
 * POST leaves at once (RFC 8058 §3.2: no redirect, no cookie, no log-in), in either form encoding.
 */
export function addLeaving(app: Hono, deps: SiteDeps, page: PageWriter): void {
  const { publication } = deps
  const whoOf = (token: string): Leaver | null => {
    const who = openUnsubscribeToken(deps.tokens, token)
    return who === null
      ? null
      : { ...who, name: publication.newsletters[who.newsletter]?.name ?? who.newsletter }
  }

  app.use('/u/*', async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('Referrer-Policy', 'no-referrer')
    c.header('X-Robots-Tag', 'noindex')
  })

  app.get('/u/:token', (c) => {
    const token = c.req.param('token')
    if (token === TEST_TOKEN) return c.html(testPage(page))
    const who = whoOf(token)
    if (who === null) return c.html(unknownPage(page, publication), 404)
    return c.html(
      page.write(
        `Leave ${who.name}?`,
        html`<p>
            You will get no more mail from ${who.name} by ${publication.name}. Nothing has changed yet.
          </p>
          <form method="post">
            <input type="hidden" name="from" value="page" />
            <button type="submit">Leave ${who.name}</button>
          </form>`,
      ),
    )
  })

  app.post('/u/:token', async (c) => {
    const token = c.req.param('token')
    if (token === TEST_TOKEN) return c.html(testPage(page))
    const who = whoOf(token)
    if (who === null) return c.html(unknownPage(page, publication), 404)
    const fromPage = (await formField(c, 'from')) === 'page'
    await deps.subscribers.unsubscribe({ publicId: who.publicId }, who.newsletter)
    if (!fromPage) return c.text(`You have left ${who.name}.\n`)
    return c.html(
      page.write(
        `You have left ${who.name}`,
        html`<p>
            It happened just now: ${publication.name} will not send you ${who.name} any more. A message that
            was already on its way may still arrive.
          </p>
          <p class="soft">
            Left by mistake? Write to
            <a href="mailto:${addressOf(publication)}">${addressOf(publication)}</a>.
          </p>`,
      ),
    )
  })
}

/** A mail program may send a body that is no form; it leaves all the same. */
async function formField(c: Context, name: string): Promise<unknown> {
  const type = c.req.header('Content-Type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type)) {
    return null
  }
  const form = await c.req.parseBody().catch(() => ({}))
  return Object.hasOwn(form, name) ? Reflect.get(form, name) : null
}

function testPage(page: PageWriter): Markup {
  return page.write(
    'This was a test message',
    'Its links are harmless: nobody is subscribed by it, and nobody was taken off.',
  )
}

function unknownPage(page: PageWriter, publication: SiteDeps['publication']): Markup {
  return page.write(
    'This link does not work',
    html`<p>
      It may have been cut off by your mail program. Open the link in the newest message again, or write to
      <a href="mailto:${addressOf(publication)}">${addressOf(publication)}</a> and we will take you off.
    </p>`,
  )
}

function addressOf(publication: SiteDeps['publication']): string {
  return publication.replyTo ?? publication.from.address
}
