import { finding, type Finding } from '../../core/finding.ts'
import { issueRule } from '../rule.ts'

const entry = `
- id: daily
  title: Gates closed at noon
  publisher: Harbour Daily
  url: https://daily.example.org/gates
  published: 2025-11-08
  accessed: 2025-11-10
`

export const deadLink = issueRule('DC701', {
  why:
    'A number that leads to an error page proves nothing. A link counts as dead after three failures over six days or ' +
    'more (`onrecord source verify`); a page that refuses machines (401, 403, 429) could not be verified and is not dead.',
  bad: {
    brief: 'The gates closed at noon [@daily].',
    ledger: entry,
    links: {
      daily: {
        state: 'dead',
        reason: '404',
        checkedAt: '2025-11-20T09:00:00Z',
        failingSince: '2025-11-12T09:00:00Z',
        gone: [],
      },
    },
  },
  good: {
    brief: 'The gates closed at noon [@daily].',
    ledger: entry,
    links: {
      daily: {
        state: 'blocked',
        reason: '403',
        checkedAt: '2025-11-20T09:00:00Z',
        failingSince: null,
        gone: [],
      },
    },
  },
  check({ ledger, links }) {
    return [...ledger.values()].flatMap((source): Finding[] => {
      const link = links.get(source.id)
      if (link?.state !== 'dead' || source.url === null) return []
      const since = link.failingSince === null ? '' : ` since ${link.failingSince.slice(0, 10)}`
      const why = link.reason === null ? '' : `: ${link.reason}`
      const message = `The link of “${source.id}” is dead${since}${why}.`
      // Readers who follow an archived copy still see what was cited.
      if (source.archive !== null) return [finding('DC701', source.place, message, { severity: 'warning' })]
      const hint = 'give the page’s new address, or the address of an archived copy (“archive:”)'
      return [finding('DC701', source.place, message, { hint })]
    })
  },
})
