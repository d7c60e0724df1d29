import type { Context, Handler } from 'hono'
import type { Session } from '../../../subscribers/readers.ts'
import { answerMessage } from '../../answer.ts'
import type { SiteDeps } from '../../deps.ts'
import type { SiteEnv } from '../../env.ts'
import { formFields } from '../../form.ts'
import { isOwnForm } from '../../middleware/csrf.ts'
import type { Message } from '../../views.ts'

/** Does what a form asks for. */
export type Act = (
  c: Context<SiteEnv>,
  session: Session,
  fields: ReadonlyMap<string, string>,
) => Response | Promise<Response>

/**
 * A POST that acts for a session: only by a form that was made for that very session. Else nothing is done,
 * and the answer says so.
 */
export function forSession(
  site: SiteDeps,
  act: Act,
  ended: Pick<Message, 'title' | 'paragraphs'> = over,
): Handler<SiteEnv> {
  return async (c) => {
    const { session } = c.var.reader
    if (session === null) return answerMessage(c, site, { kind: 'error', ...ended, links: logInLinks }, 401)
    const fields = await formFields(c)
    if (!isOwnForm(site.tokens, session, fields.get('csrf') ?? null))
      return answerMessage(c, site, foreign, 403)
    return act(c, session, fields)
  }
}

const logInLinks = [{ href: '/log-in?next=/preferences', label: 'Log in' }]

const over = {
  title: 'You are not logged in',
  paragraphs: ['Your log-in has ended meanwhile, and nothing was changed. Log in and do it once more.'],
}

const foreign = {
  kind: 'error',
  title: 'This form is out of date',
  paragraphs: [
    'It was made for another log-in, and nothing was changed. Open your preferences and do it once more.',
  ],
  links: [{ href: '/preferences', label: 'Your preferences' }],
}
