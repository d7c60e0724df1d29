import { answerMessage } from '../../answer.ts'
import type { SiteDeps, Surface } from '../../deps.ts'
import { endHere } from '../../end-session.ts'
import { csrfToken } from '../../middleware/csrf.ts'
import { forSession } from './for-session.ts'

/** POST `/preferences/erase`: the first press asks once more and says what stays, the second one erases. */
export const erase: Surface = (app, site) => {
  app.post(
    '/preferences/erase',
    forSession(
      site,
      async (c, session, fields) => {
        if (fields.get('sure') !== 'yes')
          return answerMessage(c, site, {
            kind: 'erase',
            title: 'Erase all that is yours?',
            paragraphs: [
              'Your address, name, newsletters, consents and log-ins are deleted at once, and which issue went to whom no longer names you. It cannot be undone, and you will get no more mail.',
              ...stays(site),
              'If you would rather keep a copy, download your data first.',
            ],
            form: {
              action: '/preferences/erase',
              button: 'Erase me for good',
              hidden: [
                { name: 'csrf', value: csrfToken(site.tokens, session) },
                { name: 'sure', value: 'yes' },
              ],
            },
            links: [
              { href: '/preferences/data.json', label: 'Download my data' },
              { href: '/preferences', label: 'No, keep everything' },
            ],
          })
        await site.readers.erasePerson(session.publicId)
        endHere(c, site)
        return answerMessage(c, site, {
          kind: 'erased',
          title: 'You are erased',
          paragraphs: [
            'Your address, name, newsletters, consents and log-ins are deleted. A message that was already on its way may still arrive.',
            ...stays(site),
            'Should you want to come back one day, sign up as if you had never been here.',
          ],
        })
      },
      {
        title: 'You are not logged in',
        paragraphs: [
          'If you have just erased yourself, and pressed twice, it is done. Else your log-in has ended, and nothing was changed: log in and do it once more.',
        ],
      },
    ),
  )
}

function stays({ publication }: SiteDeps): readonly string[] {
  return [
    `What stays is a keyed hash of the address: it names nobody and cannot be turned back into the address, and only serves ${publication.name} to see that no old list brings you back without your word.`,
    `Backups that ${publication.name} made before still hold what was in them, until they are deleted in their turn; they serve only to restore what was lost.`,
  ]
}
