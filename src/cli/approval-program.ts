import { type Command, Option } from 'commander'
import { tiers } from '../core/tier.ts'
import type { Call } from './call.ts'

/** `onrecord approve` and `onrecord compare`: who agreed to what, and what changed since. */
export function addApproval(program: Command, call: Call): void {
  const text = (value: unknown): string => String(value)
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

  program
    .command('approve <issue>')
    .description('say who approved an issue and whether that still holds; with --as, approve it')
    .option('--as <name>', 'who you are: the record keeps by whom each step was taken')
    .option('--review', 'with --as: hand it over for review instead')
    .option('--withdraw', 'with --as: send it back to draft; an approval ends')
    .option('--note <text>', 'with --as: why, for your colleagues')
    .option('--tick <source...>', 'with --as: you have held these sources against what the issue says')
    .option('--untick <source...>', 'with --as: take that back')
    .addHelpText(
      'after',
      `
  onrecord approve 2025-w46                          where it stands, and its history
  onrecord approve 2025-w46 --as "Ada" --review      hand it over
  onrecord approve 2025-w46 --as "Bo"                approve it as it is now
  onrecord approve 2025-w46 --as "Bo" --withdraw --note "the toll is disputed"

An approval is for what the issue is at that moment: its text, the sources that it shows, images, look and
settings. Any change of them ends it; “onrecord compare” shows what a reader would see of the change.
Until the first step is recorded, “status:” in the issue’s file decides what may go out. From then on the
record decides, for every issue, and “status:” is written to say the same.`,
    )
    .action(
      call(
        () => import('./approve.ts'),
        ([issue], flags) => ({
          issue: text(issue),
          as: maybe(flags['as']),
          note: maybe(flags['note']),
          withdraw: flags['withdraw'] === true,
          review: flags['review'] === true,
          tick: list(flags['tick']),
          untick: list(flags['untick']),
        }),
      ),
    )

  program
    .command('compare <issue>')
    .description('what a reader would see changed since it was approved: words and links, not markup')
    .option(
      '--with <version>',
      'approved (default), published, sent, another issue, or the hash of an edition',
    )
    .addOption(
      new Option('--tier <tier>', 'as a reader of this tier sees it; default: member').choices(tiers),
    )
    .addOption(
      new Option('--with-tier <tier>', 'the --with version as that tier sees it; default: the same').choices(
        tiers,
      ),
    )
    .action(
      call(
        () => import('./compare.ts'),
        ([issue], flags) => ({
          issue: text(issue),
          with: maybe(flags['with']),
          tier: maybe(flags['tier']),
          withTier: maybe(flags['withTier']),
        }),
      ),
    )
}
