import { type Command, Option } from 'commander'
import { encodings, type Encoding } from '../subscribers/csv-records.ts'
import { systems, type SystemName } from '../subscribers/mapping.ts'
import type { Call } from './call.ts'

/** What `onrecord subscribers …` was asked for. */
export interface SubscribersOptions {
  readonly action:
    | 'import'
    | 'export'
    | 'add'
    | 'list'
    | 'show'
    | 'set'
    | 'unsubscribe'
    | 'suppress'
    | 'erase'
  /** An address, or a file; null where the action takes none. */
  readonly target: string | null
  readonly newsletter: string | null
  readonly tier: string | null
  readonly name: string | null
  readonly state: string | null
  readonly reason: string | null
  /** Import: our field = the file's column, or @ and the name of a file of such pairs. */
  readonly map: readonly string[]
  /** Import: whose export it is; `auto`: its columns tell. */
  readonly from: SystemName | 'auto' | 'other'
  readonly encoding: Encoding
  /** Import: the file that takes the refused rows. */
  readonly refused: string | null
  readonly dryRun: boolean
  readonly yes: boolean
}

/** `onrecord subscribers …`: the people. */
export function addSubscribers(program: Command, call: Call): void {
  const group = program
    .command('subscribers')
    .description('the people: import, export, add, list, show, set, unsubscribe, suppress, erase')
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const action = (name: SubscribersOptions['action']) =>
    call(
      () => import('./subscribers.ts'),
      ([target], flags): SubscribersOptions => ({
        action: name,
        target: maybe(target),
        newsletter: maybe(flags['newsletter']),
        tier: maybe(flags['tier']),
        name: maybe(flags['name']),
        state: maybe(flags['state']),
        reason: maybe(flags['reason']),
        from: [...systems, 'other' as const].find((each) => each === flags['from']) ?? 'auto',
        encoding: encodings.find((each) => each === flags['encoding']) ?? 'utf-8',
        refused: maybe(flags['refused']),
        map: Array.isArray(flags['map']) ? flags['map'].map(String) : [],
        dryRun: flags['dryRun'] === true,
        yes: flags['yes'] === true,
      }),
    )
  const newsletter = () =>
    new Option('--newsletter <key>', 'a newsletter of onrecord.yaml; default: the only one')
  const tier = () => new Option('--tier <tier>', 'subscriber or member').choices(['subscriber', 'member'])

  group
    .command('import <file>')
    .description(
      'read a CSV as a stream, of Substack, Ghost, Mailchimp or any other; never re-subscribes someone who left',
    )
    .addOption(newsletter())
    .addOption(tier())
    .addOption(
      new Option('--from <system>', 'whose export it is; default: its columns tell').choices([
        ...systems,
        'other',
      ]),
    )
    .option(
      '--map <field=column>',
      'which column is address, name, tier, state …; may be repeated; @<file> has one a line',
      // Not variadic: it would take the file for another pair.
      (pair: string, pairs: readonly string[]) => [...pairs, pair],
      [],
    )
    .addOption(
      new Option('--encoding <name>', 'of a file that does not tell; default: utf-8').choices(encodings),
    )
    .option('--refused <file>', 'write the line and reason of every refused row there')
    .option('--dry-run', 'say what would change, and change nothing')
    .action(action('import'))
  group
    .command('export [file]')
    .description('write everybody as CSV; default: stdout')
    .addOption(newsletter())
    .action(action('export'))
  group
    .command('add <address>')
    .description('add one person who has consented')
    .option('--name <name>', 'their name')
    .addOption(newsletter())
    .addOption(tier())
    .option('--yes', 'they left, and have asked to come back')
    .action(action('add'))
  group
    .command('list')
    .description('everybody, one a line')
    .addOption(newsletter())
    .addOption(tier())
    .option('--state <state>', 'pending, confirmed, left, paused, suppressed or erased')
    .action(action('list'))
  group
    .command('show <address>')
    .description('all that is kept about one person, and what they received')
    .action(action('show'))
  group
    .command('set <address>')
    .description('change tier or name')
    .option('--name <name>', 'their name')
    .addOption(tier())
    .action(action('set'))
  group
    .command('unsubscribe <address>')
    .description('take them off, as their own click would')
    .addOption(newsletter())
    .action(action('unsubscribe'))
  group
    .command('suppress <address>')
    .description('never write to this address again')
    .option('--reason <text>', 'why', 'operator')
    .action(action('suppress'))
  group
    .command('erase <address>')
    .description('delete the person; a keyed hash blocks their re-import')
    .option('--yes', 'do not ask')
    .action(action('erase'))
}
