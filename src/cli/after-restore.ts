import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { describeRestored } from '../delivery/restored.ts'
import type { Context } from './context.ts'

/**
 * `send <issue> --after-restore`: says what the backup knows of the issue and who may get it twice, asks,
 * and lets it be sent.
 * @throws OnrecordError `refused` when the answer is no, or nobody is there to answer
 */
export async function confirmAfterRestore(
  context: Context,
  app: App,
  { issue, yes }: { readonly issue: string; readonly yes: boolean },
): Promise<void> {
  const mark = await app.deliveries.restored()
  if (mark === null) {
    context.note('No restore waits to be confirmed: this is a send like any other.')
    return
  }
  if (mark.confirmed.includes(issue)) return
  context.note(await describeRestored(app.deliveries, issue, mark))
  if (!yes && !(await context.confirm(`Send ${issue} all the same?`)))
    throw new OnrecordError('refused', 'Nothing was sent.', {
      hint: 'answer “y” on a terminal, or give --yes',
    })
  await app.deliveries.confirmRestored(issue)
}
