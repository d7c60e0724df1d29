import { answerMessage } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { endHere } from '../end-session.ts'
import { goOn } from '../go-on.ts'
import { erase } from './preferences/erase.ts'
import { forSession } from './preferences/for-session.ts'
import { settings } from './preferences/settings.ts'
import { showPreferences } from './preferences/show.ts'

/** `/preferences` and what is under it: newsletters, format, pause, address, my data, erase me. */
export const preferences: Surface = (app, site) => {
  const { readers } = site

  app.get('/preferences', async (c) => {
    const { session } = c.var.reader
    const account = session === null ? null : await readers.account(session.publicId)
    if (session === null || account === null) return goOn(c, '/log-in?next=/preferences')
    return showPreferences(c, site, { account, session })
  })

  app.get('/preferences/data.json', async (c) => {
    const { session } = c.var.reader
    const data = session === null ? null : await readers.personalData(session.publicId)
    if (data === null) return goOn(c, '/log-in?next=/preferences')
    return c.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="my-data.json"',
      'Cache-Control': 'no-store',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
  })

  app.post(
    '/preferences/log-out-everywhere',
    forSession(site, async (c, session) => {
      await readers.logOutEverywhere(session.publicId)
      endHere(c, site)
      return answerMessage(c, site, {
        kind: 'logged-out',
        title: 'You are logged out everywhere',
        paragraphs: [
          'On this browser and on every other one. Links to log in that were mailed before, and a change of address that waited for a yes, no longer hold.',
        ],
        links: [{ href: '/log-in', label: 'Log in again' }],
      })
    }),
  )

  settings(app, site)
  erase(app, site)
}
