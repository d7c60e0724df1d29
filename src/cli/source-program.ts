import { type Command, Option } from 'commander'
import { sourceKinds } from '../sources/source.ts'
import type { Call } from './call.ts'

/** `onrecord source …`: the ledger's commands, and `onrecord verify` for readers. */
export function addSources(program: Command, call: Call): void {
  const text = (value: unknown): string => String(value)
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
  const group = program.command('source').description('the ledger: add, import, export, snapshot, verify')
  const issue = () => new Option('--issue <id>', 'the issue whose ledger is meant').makeOptionMandatory()

  program
    .command('verify <sources.json|URL>')
    .description('for readers: check what an issue cites against its sources, claim by claim')
    .addHelpText(
      'after',
      `
Takes the sources.json of the edition that you received, as a file or by its address. Each source is
looked at live, then in its archived copy. Exit 1 where something that is cited has gone.`,
    )
    .action(
      call(
        () => import('./verify.ts'),
        ([target]) => ({ target: text(target) }),
      ),
    )

  group
    .command('add <url>')
    .description('fetch a page, fill in an entry of the ledger and say what to paste')
    .addOption(issue())
    .option('--id <id>', 'default: publisher and day, such as dawn-1108')
    .option('--title <text>', 'the headline; describe a page without one [in brackets]')
    .option('--publisher <name>', 'who answers for the page')
    .option('--published <date>', '2025, 2025-11, 2025-11-08, with ~ for “about”, or unknown')
    .option('--modified <date>', 'when the page says it was last changed')
    .addOption(new Option('--kind <kind>', 'what sort of source it is').choices(sourceKinds))
    .option('--author <name...>', 'who wrote it')
    .option('--lang <tag>', 'the page’s language, such as ps')
    .option('--accessed <date>', 'the day it was read; default: today')
    .option('--archive <url>', 'a public archived copy')
    .option('--origin <id>', 'what it relays: a source’s id or a wire’s name')
    .option('--party <name>', 'where the source is a party to what it reports')
    .option('--no-fetch', 'fetch nothing; take everything from the flags')
    .option('--offline', 'the same as --no-fetch')
    .addHelpText(
      'after',
      `
On a terminal it asks for what the page does not say. The page is fetched as robots.txt allows, and
never from an address of a local network.`,
    )
    .action(
      call(
        () => import('./source-add.ts'),
        ([url], flags) => ({
          url: text(url),
          issue: text(flags['issue']),
          fetch: flags['fetch'] !== false && flags['offline'] !== true,
          id: maybe(flags['id']),
          title: maybe(flags['title']),
          publisher: maybe(flags['publisher']),
          published: maybe(flags['published']),
          modified: maybe(flags['modified']),
          kind: sourceKinds.find((kind) => kind === flags['kind']) ?? null,
          author: list(flags['author']),
          lang: maybe(flags['lang']),
          accessed: maybe(flags['accessed']),
          archive: maybe(flags['archive']),
          origin: maybe(flags['origin']),
          party: maybe(flags['party']),
        }),
      ),
    )

  group
    .command('import <file>')
    .description('add the records of a CSL-JSON or BibTeX file; what the ledger has is left alone')
    .addOption(issue())
    .addOption(
      new Option('--format <format>', 'default: by the file’s name and content').choices([
        'csl-json',
        'bibtex',
      ]),
    )
    .option('--dry-run', 'say what would be added, and write nothing')
    .action(
      call(
        () => import('./source-import.ts'),
        ([file], flags) => ({
          file: text(file),
          issue: text(flags['issue']),
          format: maybe(flags['format']),
          dryRun: flags['dryRun'] === true,
        }),
      ),
    )

  group
    .command('export [issue...]')
    .description('print the ledger as CSL-JSON; default: of all issues')
    .addOption(new Option('--format <format>', 'how').choices(['csl-json']).default('csl-json'))
    .action(
      call(
        () => import('./source-export.ts'),
        ([issues]) => ({ issues: list(issues) }),
      ),
    )

  group
    .command('snapshot [issue...]')
    .description('keep a private copy of each source that has none, and write its hash into the ledger')
    .option('--only <id>', 'this source alone, also when it has a snapshot')
    .option('--id <id>', 'the same as --only')
    .option('--file <path>', 'a document in hand instead of the page; with --id')
    .option('--again', 'also of sources that have a snapshot')
    .option('--accessed', 'write today into “accessed” where it is unknown')
    .addHelpText(
      'after',
      `
Copies are kept under data/snapshots/ and stay private. One request a host at a time, a second apart;
Ctrl-C loses nothing. A copy that holds a cited passage is never replaced by one that does not.`,
    )
    .action(
      call(
        () => import('./source-snapshot.ts'),
        ([issues], flags) => ({
          issues: list(issues),
          only: maybe(flags['only']) ?? maybe(flags['id']),
          file: maybe(flags['file']),
          again: flags['again'] === true,
          accessed: flags['accessed'] === true,
        }),
      ),
    )

  group
    .command('verify [issue...]')
    .description('look at every cited page: links, changes since the snapshot, passages that are gone')
    .option('--only <id>', 'this source alone')
    .addHelpText(
      'after',
      `
A link is dead after three failures over six days or more, so run it daily or weekly. A server that does
not let us in (401, 403, 429, robots.txt) is “could not verify”, never dead. Exit 1 on a dead link or a
cited passage that is gone.`,
    )
    .action(
      call(
        () => import('./source-verify.ts'),
        ([issues], flags) => ({ issues: list(issues), only: maybe(flags['only']) }),
      ),
    )
}
