import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { buildEditions } from '../../src/email/build.ts'
import { sampleRecipient } from '../../src/email/compile.ts'
import { composeMessage } from '../../src/email/compose.ts'
import { loadIssue } from '../../src/issue/load.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { openBed, samplePublication } from './bed.ts'

const root = join(import.meta.dirname, '..', '..')
const baseUrl = 'https://brief.example.org'
const publication = {
  ...samplePublication,
  newsletters: {
    ...samplePublication.newsletters,
    daily: { name: 'Daily', description: '', template: 'weekly' },
  },
}

test('each newsletter’s mail has a List-Id of its own, and the link in it leaves that one alone', async () => {
  const bed = await openBed({ publication })
  const { publicId } = await bed.person('reader@brief.test')
  await bed.person('reader@brief.test', 'subscriber', 'daily')
  const template = await loadTemplate(join(root, 'templates', 'weekly'))
  const loaded = await loadIssue(root, '2025-w46', publication)
  if (loaded.issue === null) throw new Error('the sample issue cannot be read')
  const lists: string[] = []
  for (const newsletter of ['weekly', 'daily']) {
    const ours = { ...loaded, issue: { ...loaded.issue, meta: { ...loaded.issue.meta, newsletter } } }
    const built = await buildEditions(ours, { publication, baseUrl, template, tiers: ['subscriber'] })
    const [edition] = built.editions
    if (edition === undefined) throw new Error('there is no edition')
    const unsubscribeUrl = `${baseUrl}/u/${unsubscribeToken(bed.tokens, { publicId, newsletter })}`
    const message = await composeMessage(edition, { ...sampleRecipient(edition), unsubscribeUrl })
    const { headers } = await PostalMime.parse(message)
    const header = (name: string): string => headers.find(({ key }) => key === name)?.value ?? ''
    lists.push(header('list-id'))
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click')
    if (newsletter !== 'daily') continue
    const link = header('list-unsubscribe').replace(/^<|>$/g, '')
    const answer = await bed.site.request(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    expect(answer.status).toBe(200)
  }
  expect(lists).toEqual(['Weekly <weekly.brief.example.org>', 'Daily <daily.brief.example.org>'])
  const person = await bed.subscribers.find({ publicId })
  expect(person?.subscriptions.map(({ newsletter, state }) => [newsletter, state]).toSorted()).toEqual([
    ['daily', 'left'],
    ['weekly', 'confirmed'],
  ])
})
