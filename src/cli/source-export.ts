import { isDeepStrictEqual } from 'node:util'
import { listIssues } from '../issue/load.ts'
import { toCslJson, type CslItem } from '../sources/csl-json.ts'
import { freeId } from '../sources/draft.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { readIssueLedger } from './issue-ledger.ts'

/** `onrecord source export [issue…]`: the ledgers as one list of CSL-JSON on stdout, ids unique. */
export async function run(
  context: Context,
  options: { readonly issues: readonly string[] },
): Promise<ExitCode> {
  const config = context.config()
  const ids = options.issues.length > 0 ? options.issues : listIssues(config.root)
  const items = new Map<string, CslItem>()
  for (const issue of ids) {
    const { ledger } = await readIssueLedger(config, issue)
    for (const item of toCslJson(ledger.values())) {
      const same = items.get(item.id)
      if (same !== undefined && isDeepStrictEqual(same, item)) continue
      const id = freeId(item.id, items)
      items.set(id, { ...item, id })
    }
  }
  context.print(JSON.stringify([...items.values()], null, 2))
  return exit.done
}
