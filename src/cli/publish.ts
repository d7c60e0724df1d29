import { publishIssue } from '../delivery/publish.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readyIssue } from './ready-issue.ts'

/** `onrecord publish <issue>`: freezes the editions and puts the issue on the site, without mailing. */
export async function run(context: Context, options: { readonly issue: string }): Promise<ExitCode> {
  const config = context.config()
  const ready = await readyIssue(config, options.issue)
  const app = await context.app()
  await publishIssue(app, ready)
  const published = await app.editions.published(ready.id)
  const url = `${config.baseUrl}/issues/${ready.id}`
  if (context.options.json) {
    const editions = Object.values(ready.editions).map(({ tier, hash }) => ({ tier, hash }))
    const publishedAt = published === null ? null : new Date(published.publishedAt).toISOString()
    context.print(JSON.stringify([{ issue: ready.id, url, publishedAt, editions }], null, 2))
  } else {
    context.print(`“${ready.editions.public.subject}” is published: ${url}`)
    context.print('  Nobody was mailed. “onrecord serve” shows it; what it shows is frozen.')
  }
  return exit.done
}
