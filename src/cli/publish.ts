import { OnrecordError } from '../core/errors.ts'
import { comparePage, publishIssue } from '../delivery/publish.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readyIssue } from './ready-issue.ts'
import { moment } from './round-text.ts'

export interface PublishOptions {
  readonly issue: string
  /** Replaces a page without asking. */
  readonly yes: boolean
}

/**
 * `onrecord publish <issue>`: freezes the editions and puts the issue on the site, without mailing. A page
 * that is there is replaced only by a person's word, and never once its issue has been mailed.
 */
export async function run(context: Context, options: PublishOptions): Promise<ExitCode> {
  const config = context.config()
  const app = await context.app()
  const ready = await readyIssue(app, options.issue)
  const page = await comparePage(app, ready)
  const before = await app.editions.published(ready.id)
  const since = before === null ? '' : moment(before.publishedAt, config.publication.timeZone)
  if (page === 'mailed')
    throw new OnrecordError('refused', `${ready.id} has been mailed; its page stays what was mailed.`, {
      hint: 'for now a mistake is put right in the next issue; note it under “corrections:” of its brief',
    })
  if (page === 'changed') {
    const question = `Replace the page of ${ready.id}, on the site since ${since}?`
    if (!options.yes && !(await context.confirm(question)))
      throw new OnrecordError('refused', `${ready.id} has changed since it was published on ${since}.`, {
        hint: 'answer “y” on a terminal, or give --yes, to replace its page',
      })
  }
  if (page !== 'unchanged') await publishIssue(app, ready)
  const url = `${config.baseUrl}/issues/${ready.id}`
  const result = { new: 'published', unchanged: 'unchanged', changed: 'replaced' } as const
  if (context.options.json) {
    const now = await app.editions.published(ready.id)
    const editions = Object.values(ready.editions).map(({ tier, hash }) => ({ tier, hash }))
    const publishedAt = now === null ? null : new Date(now.publishedAt).toISOString()
    context.print(
      JSON.stringify([{ issue: ready.id, url, result: result[page], publishedAt, editions }], null, 2),
    )
    return exit.done
  }
  const said = {
    new: 'is published',
    unchanged: 'is published already, unchanged',
    changed: 'is published; it has replaced what was there',
  }[page]
  context.print(`“${ready.editions.public.subject}” ${said}: ${url}`)
  context.print('  Nobody was mailed. “onrecord serve” shows it; what it shows is frozen.')
  return exit.done
}
