import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { render } from '../../src/render/render.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { baseUrl, brief, cite, issueOf, p, publication, richIssue, root, source } from './fixture.ts'

const template = await loadTemplate(join(import.meta.dirname, '../../templates/weekly'))

interface Thing {
  readonly '@type': string
  readonly '@id': string
  readonly [property: string]: unknown
}

/** The graph, as a machine takes it out of the page. */
async function graphOf(issue = richIssue()): Promise<{ graph: readonly Thing[]; json: string }> {
  const { rendered } = await render(issue, { publication, baseUrl, template })
  const found = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/u.exec(rendered?.web ?? '')
  const json = found?.[1] ?? ''
  return { graph: JSON.parse(json)['@graph'], json }
}

const page = `${baseUrl}/issues/2025-w46`

describe('the linked data of a page', () => {
  test('describes each brief as an article, with what it cites and is based on', async () => {
    const body = root(p('A claim ', cite(1, { key: true }), ', and another ', cite(2), cite(1), '.'))
    const corrections = [{ date: '2025-11-12', text: 'An earlier version misdated the session.' }]
    const own = { authors: ['Desk', 'A. Author'], corrections }
    const { graph } = await graphOf(issueOf([brief('talks', body, own)]))
    expect(graph.find((each) => each['@id'] === `${page}#b-talks`)).toEqual({
      '@type': 'NewsArticle',
      '@id': `${page}#b-talks`,
      headline: 'A title',
      description: 'A standfirst.',
      url: `${page}#b-talks`,
      dateCreated: '2025-11-10',
      datePublished: '2025-11-14',
      dateModified: '2025-11-12',
      inLanguage: 'en',
      author: [
        { '@type': 'Organization', name: 'Desk' },
        { '@type': 'Person', name: 'A. Author' },
      ],
      publisher: { '@id': `${baseUrl}/#publisher` },
      isPartOf: { '@id': page },
      isAccessibleForFree: true,
      keywords: ['south-asia'],
      citation: [{ '@id': `${page}#s1` }, { '@id': `${page}#s2` }],
      isBasedOn: [{ '@id': `${page}#s1` }],
      correction: [
        {
          '@type': 'CorrectionComment',
          text: 'An earlier version misdated the session.',
          datePublished: '2025-11-12',
        },
      ],
    })
  })

  test('points to nothing that is not in the graph', async () => {
    const { graph } = await graphOf()
    const ids = new Set(graph.map((each) => each['@id']))
    const named = JSON.stringify(graph).match(/"@id":"([^"]*)"/gu) ?? []
    for (const each of named) expect(ids).toContain(JSON.parse(`{${each}}`)['@id'])
  })

  test('gives the address of a source only to those who may follow it', async () => {
    const sources = async (tier: 'public' | 'member') =>
      (await graphOf(richIssue(tier))).graph.filter((each) => /#s(?:ource-)?/u.test(each['@id']))
    expect((await sources('public')).some((each) => 'url' in each || 'archivedAt' in each)).toBe(false)
    expect((await sources('member'))[0]).toMatchObject({ url: 'https://news.example.org/1?a=1&b=2' })
    const { json } = await graphOf(richIssue('public'))
    expect(json).not.toContain('news.example.org')
  })

  test('says of a brief with a locked part that it is not free', async () => {
    const teased = brief('a', root({ type: 'teaser', teaser: 'Why' }))
    const { graph } = await graphOf(issueOf([teased, brief('b', root(), { locked: 'member' })]))
    const articles = graph.filter((each) => each['@type'] === 'NewsArticle' && 'headline' in each)
    expect(articles.map((each) => each['isAccessibleForFree'])).toEqual([false, false])
  })

  test('cannot end the element it stands in, whatever an author or a page is called', async () => {
    const evil = '</script><script>alert(1)</script><!-- &quot; \u2028'
    const issue = issueOf([brief('a', root(p('Words')), { title: evil, authors: [evil] })], {
      sources: [source(1, { title: evil, publisher: evil })],
    })
    const { graph, json } = await graphOf(issue)
    expect(json).not.toMatch(/[<>&\u2028]/u)
    expect(graph.find((each) => each['@id'] === `${page}#s1`)).toMatchObject({ name: evil })
  })

  test('keeps a description in brackets apart from a title, and a vague date out', async () => {
    const described = source(1, { title: '[Statement on the talks]', published: '2025-11-08~' })
    const { graph } = await graphOf(issueOf([brief('a', root(p('Words')))], { sources: [described] }))
    const found = graph.find((each) => each['@id'] === `${page}#s1`)
    expect(found).toMatchObject({ description: 'Statement on the talks' })
    expect(found).not.toHaveProperty('name')
    expect(found).not.toHaveProperty('datePublished')
  })
})
