import { createHash } from 'node:crypto'
import { rules } from '../../core/rules.ts'
import type { Publication } from '../../core/publication.ts'
import { severityOf } from '../../desk/severities.ts'
import { answerShared } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { sourcingData } from '../linked-data.ts'
import { policyHtml } from '../policy-html.ts'
import { ruleWords, type SourcingRule } from '../rule-words.ts'
import type { PageViews } from '../views.ts'

type SourcingPage = PageViews['sourcing']

/** `/how-we-source`: the policies, and what the desk check asks. */
export const howWeSource: Surface = (app, { pages, publication, baseUrl }) => {
  const view = { policies: policiesOf(publication), rules: rulesOf(publication) }
  const etag = createHash('sha256').update(JSON.stringify(view)).digest('hex').slice(0, 32)
  app.get('/how-we-source', (c) => {
    const reader = c.get('reader')
    return answerShared(c, etag, () =>
      pages.render(
        'sourcing',
        {
          title: 'How we source',
          description: `What ${publication.name} asks of a source, and of itself.`,
          path: '/how-we-source',
          linkedData: sourcingData({ publication, baseUrl }),
        },
        view,
        reader,
      ),
    )
  })
}

/** In the order in which a reader asks: how, who unnamed, what if wrong, who pays, what is kept of me. */
function policiesOf({ policies }: Publication): SourcingPage['policies'] {
  const sections = [
    { id: 'sourcing', title: 'How we work with sources', text: policies.sourcing },
    { id: 'unnamed-sources', title: 'Unnamed sources', text: policies.unnamedSources },
    { id: 'corrections', title: 'Corrections', text: policies.corrections },
    { id: 'funding', title: 'Who pays for it', text: policies.funding },
    { id: 'privacy', title: 'What we keep of you', text: policies.privacy },
  ]
  return sections.flatMap(({ id, title, text }) =>
    text === undefined ? [] : [{ id, title, html: policyHtml(text) }],
  )
}

/** What each rule asks, as strictly as this publication asks it. */
function rulesOf({ desk }: Publication): SourcingPage['rules'] {
  return Object.entries(ruleWords).map(([id, about]) => {
    const { name, severity } = rules[id as SourcingRule]
    return { id, name, severity: severityOf(id, severity, desk.severities), about }
  })
}
