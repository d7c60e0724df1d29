import type { Context } from 'hono'
import type { Tier } from '../../core/tier.ts'
import type { EditionHead } from '../../delivery/archive.ts'
import { openViewToken } from '../../subscribers/view-token.ts'
import { answerMessage, answerOwn } from '../answer.ts'
import type { SiteDeps, Surface } from '../deps.ts'
import type { SiteEnv } from '../env.ts'
import { openEditionBriefs } from '../edition-briefs.ts'
import { frozenPolicy } from '../frozen-policy.ts'
import { issueView } from '../issue-view.ts'
import { lockOf } from '../lock.ts'

/** The harmless link of a test message. */
const TEST_TOKEN = 'test'

/**
 * `/v/<token>`: one issue as the person whom the mail went to may see it now; the public's page, which says that
 * the link has ended, once they have left, were erased or took their links back. It sets nothing, changes nothing and shows nobody: the page is
 * the same for everybody of a tier, and no cookie is looked at.
 */
export const viewLink: Surface = (app, site) => {
  const briefsOf = openEditionBriefs(site.archive)
  app.get('/v/:token', async (c) => {
    if (c.req.param('token') === TEST_TOKEN) return answerMessage(c, site, testMessage)
    const about = openViewToken(site.tokens, c.req.param('token'))
    const outAt = about === null ? null : (about.mailedAt ?? (await site.archive.firstOutAt(about.issue)))
    if (about === null || outAt === null) return answerMessage(c, site, unknownLink, 404)
    const tier = (await site.readers.viewTier(about.publicId, outAt)) ?? 'public'
    const head = await site.archive.editionOf(about.issue, tier)
    const briefs = head === null ? undefined : await briefsOf(head.hash)
    if (head === null || briefs === undefined) return answerMessage(c, site, unknownLink, 404)
    return answerIssue(c, site, head, tier, briefs === null)
  })
}

const testMessage = {
  kind: 'test',
  title: 'This was a test message',
  paragraphs: ['In a message to a reader, this link opens the issue in a browser.'],
}

const unknownLink = {
  kind: 'error',
  title: 'This link does not work',
  paragraphs: ['It may have been cut off by a mail program. What is published stands on the front page.'],
  links: [{ href: '/', label: 'All issues' }],
}

async function answerIssue(
  c: Context<SiteEnv>,
  site: SiteDeps,
  { hash }: EditionHead,
  tier: Tier,
  hasNoDocument: boolean,
): Promise<Response> {
  const { archive, pages, publication, baseUrl } = site
  if (hasNoDocument) {
    const web = (await archive.page(hash))?.web ?? ''
    c.header('Content-Security-Policy', frozenPolicy(web, baseUrl))
    return answerOwn(c, web)
  }
  // The same for everybody of the tier: what scanners open a hundred thousand times is made once.
  const page = await c.var.pageCache.get(JSON.stringify(['/v', hash, tier]), async () => {
    const document = (await archive.page(hash))?.document
    if (document === undefined || document === null) throw new Error('an edition has lost its document')
    const { subject, preheader, lang, dir, newsletter } = document.issue
    // Without a path: not to be found, and nothing on the page says where it was opened from.
    const head = { title: subject, description: preheader, path: null, lang, dir, newsletter }
    const view = issueView(document, lockOf(document, publication))
    // A brief's own page would be that of whoever follows the link.
    const briefHrefs = Object.fromEntries(document.briefs.map(({ id, anchor }) => [id, `#${anchor}`]))
    // No person's tier is the public's: who has a link and reads that has left, or the link was taken back.
    const linkEnded = tier === 'public'
    return pages.render('issue', head, { ...view, briefHrefs, linkEnded }, { tier, signedIn: false })
  })
  return answerOwn(c, page)
}
