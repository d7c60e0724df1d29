import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { App } from '../app.ts'
import { OnrecordError } from '../core/errors.ts'
import { recreateMessage } from '../delivery/provenance.ts'
import type { DeliveryRecord } from '../delivery/report.ts'
import { takenOut, takenOutText } from '../delivery/taken-out.ts'
import { parseAddress, type Address } from '../subscribers/address.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { deliveryJson, deliveryRows } from './delivery-text.ts'
import { alignRows } from './table.ts'

/** Whose deliveries, and where to write the message: a file, `-` for stdout. */
export interface Who {
  readonly issue: string | null
  readonly address: string
  readonly eml: string | null
}

/** `status <issue> --who <address>`: what exactly a person was sent. */
export async function who(context: Context, { issue, address: given, eml }: Who): Promise<ExitCode> {
  const address = parseAddress(given)
  if (!address.ok) throw new OnrecordError('usage', `The address ${address.reason}.`)
  const app = await context.app()
  const records = await recordsOf(app, issue, address.value)
  if (records.length === 0) {
    const gone = await takenOut(app.deliveries, await app.deliveries.rounds(issue ?? undefined))
    if (gone[0] !== undefined)
      throw new OnrecordError(
        'not-found',
        `${takenOutText([...new Set(gone.map((round) => round.issue))].join(', '))} Whether ${address.value.address} was among them is not known here.`,
      )
    throw new OnrecordError(
      'not-found',
      `${issue ?? 'Nothing'} was ${issue === null ? 'ever' : 'never'} meant for ${address.value.address}.`,
      { hint: `“onrecord subscribers show ${address.value.address}” says what is kept about them` },
    )
  }
  if (eml !== null) return writeMessage(context, app, records, eml)
  if (context.options.json) {
    context.print(JSON.stringify(records.map(deliveryJson), null, 2))
    return exit.done
  }
  for (const [index, record] of records.entries()) {
    if (index > 0) context.print('')
    for (const line of alignRows(deliveryRows(record))) context.print(line)
  }
  const [first] = records
  if (first?.messageId !== null && first?.address !== null)
    context.note(`\n“--eml <file>” writes the message itself, “--eml -” prints it.`)
  return exit.done
}

/** Real deliveries first, then rehearsals; each the newest first. */
async function recordsOf(
  { reports }: App,
  issue: string | null,
  address: Address,
): Promise<readonly DeliveryRecord[]> {
  const theirs = (await reports.deliveriesTo(address)).filter(
    ({ round }) => issue === null || round.issue === issue,
  )
  // Somebody whose address is another one now.
  const found = theirs.length > 0 || issue === null ? theirs : await reports.deliveriesAt(issue, address)
  const rank = ({ round }: DeliveryRecord): number => (round.kind === 'real' ? 0 : 1)
  return found.toSorted((a, b) => rank(a) - rank(b))
}

/** The newest message that was made, the real one before a rehearsal's. */
async function writeMessage(
  context: Context,
  app: App,
  records: readonly DeliveryRecord[],
  file: string,
): Promise<ExitCode> {
  const record = records.find(({ firstAttemptAt }) => firstAttemptAt !== null) ?? records[0]
  if (record === undefined) return exit.refused
  const made = await recreateMessage(app, record)
  if ('reason' in made)
    throw new OnrecordError('refused', `The message cannot be made again: ${made.reason}.`)
  if (file === '-') process.stdout.write(made.raw)
  else await writeFile(resolve(context.cwd, file), made.raw)
  const target = file === '-' ? '' : ` is in ${file}`
  if (made.differs.length === 0)
    context.note(`The message of ${record.round.issue}${target}: byte for byte as it was sent.`)
  else {
    context.note(`The message of ${record.round.issue}${target}, but for this:`)
    for (const each of made.differs) context.note(`  ${each}`)
  }
  return made.differs.length === 0 ? exit.done : exit.refused
}
