import { Command, InvalidArgumentError, Option } from 'commander'
import { tiers } from '../core/tier.ts'
import type { Context, ExitCode, GlobalOptions } from './context.ts'
import { addApproval } from './approval-program.ts'
import { addNew } from './new-program.ts'
import { addOperations } from './operations-program.ts'
import { resolutions } from './resolutions.ts'
import { addSources } from './source-program.ts'
import { addSubscribers } from './subscribers-program.ts'

/** How `check` prints its findings. */
export const checkFormats = ['text', 'json', 'sarif', 'github'] as const
export type CheckFormat = (typeof checkFormats)[number]

/** Runs a command's module, loaded only when it is called; set by `main.ts`. */
type Run = (start: (context: Context) => Promise<ExitCode>, options: GlobalOptions) => Promise<void>

const tierOption = () => new Option('--tier <tier>', 'what a reader of this tier gets').choices(tiers)

/** The command line: names, options and help. Each action loads its module when it is called. */
export function createProgram(version: string, run: Run): Command {
  const program = new Command('onrecord')
    .description('Newsletters that readers can verify: briefs with sources in, checked mail out.')
    .version(version)
    .option('-C, --dir <folder>', 'the publication; default: the nearest folder upwards with onrecord.yaml')
    .option('--json', 'print JSON on stdout')
    .option('--quiet', 'no notes and no progress on stderr')
    .option('--verbose', 'say more')
    .option('--no-color', 'no colours')
    .showHelpAfterError('(“onrecord <command> --help” shows how)')
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .addHelpText(
      'after',
      `
A first issue:
  onrecord init my-brief && cd my-brief   (from a checkout: npx onrecord init ../my-brief,
                                           then npx onrecord -C ../my-brief …)
  onrecord new issue "Talks end in Istanbul"
  onrecord preview                 see it as each reader will get it
  onrecord check                   what a copy desk would say
  onrecord subscribers import people.csv
  onrecord send <issue>            without SMTP_URL: a rehearsal into the outbox

Exit status: 0 done, 1 findings or refused, 2 bad usage or configuration, 130 interrupted with its state saved.`,
    )

  type Module<O> = { run(context: Context, options: O): Promise<ExitCode> }
  const call =
    <O>(
      load: () => Promise<Module<O>>,
      options: (args: readonly unknown[], flags: Record<string, unknown>) => O,
    ) =>
    async (...all: unknown[]): Promise<void> => {
      const command = all.at(-1) as Command
      const args = all.slice(0, -2)
      const flags = command.optsWithGlobals()
      await run(async (context) => (await load()).run(context, options(args, flags)), {
        dir: typeof flags['dir'] === 'string' ? flags['dir'] : undefined,
        json: flags['json'] === true,
        quiet: flags['quiet'] === true,
        verbose: flags['verbose'] === true,
        color: flags['color'] !== false,
      })
    }
  const text = (value: unknown): string => String(value)
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
  const flag = (value: unknown): boolean => value === true
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

  program
    .command('init [dir]')
    .description('make a new publication: onrecord.yaml, .env, a template and a sample issue')
    .action(
      call(
        () => import('./init.ts'),
        ([dir]) => ({ dir: maybe(dir) }),
      ),
    )

  addNew(program, call)

  program
    .command('check [issue...]')
    .description('the desk check; exit 1 on an error that is not waived')
    .option('--strict', 'exit 1 on warnings too')
    .addOption(
      new Option(
        '--format <format>',
        'text for people, json, sarif for code scanning, github for annotations in a workflow',
      ).choices(checkFormats),
    )
    .option(
      '--offline',
      'leave out what “source verify” noted of pages on the web; check never asks the network',
    )
    .action(
      call(
        () => import('./check.ts'),
        ([issues], flags) => ({
          issues: list(issues),
          strict: flag(flags['strict']),
          format: checkFormats.find((each) => each === flags['format']) ?? null,
          offline: flag(flags['offline']),
        }),
      ),
    )

  program
    .command('build [issue...]')
    .description('write <issue>/<tier>.mjml, .html, .txt, .eml, .web.html, .sources.json and .csl.json')
    .addOption(tierOption())
    .option('--out <dir>', 'where to write', 'build')
    .action(
      call(
        () => import('./build.ts'),
        ([issues], flags) => ({ issues: list(issues), tier: maybe(flags['tier']), out: text(flags['out']) }),
      ),
    )

  program
    .command('preview')
    .description('see every issue as each reader will get it, live; with the outbox')
    .option('--port <n>', 'default: PORT, 4870', port)
    .option('--open', 'open the browser')
    .action(
      call(
        () => import('./preview.ts'),
        (_, flags) => ({ port: number(flags['port']), open: flag(flags['open']) }),
      ),
    )

  addSources(program, call)
  addSubscribers(program, call)
  addApproval(program, call)

  program
    .command('publish <issue>')
    .description('freeze the editions and put the issue on the site, without mailing')
    .option('--yes', 'do not ask before a page that is there is replaced')
    .action(
      call(
        () => import('./publish.ts'),
        ([issue], flags) => ({ issue: text(issue), yes: flag(flags['yes']) }),
      ),
    )

  program
    .command('send <issue>')
    .description('freeze the audience and send, each subscriber once; on an issue in flight: resume')
    .option('--test <address>', 'one message with [Test] in its subject, harmless links and no delivery row')
    .addOption(tierOption())
    .option(
      '--at <time>',
      'a worker starts it then: “2026-11-24 07:30”, “tomorrow 07:30”, “Mon 07:30”, with an offset, or “cadence”: when it is due',
    )
    .option('--dry-run', 'say what would be sent, and send nothing')
    .option('--yes', 'do not ask')
    .option('--pause', 'stop a send in flight; “send” goes on')
    .option(
      '--cancel',
      'stop a send in flight for good; whoever has not had it will not get it; or take back --at',
    )
    .option(
      '--corrected',
      'stop press, after --cancel: the issue as it is now, to those who had not been mailed',
    )
    .addOption(
      new Option(
        '--resolve-unknown <how>',
        'those who may have it or not: hold (they are not mailed again) or resend (once more, never a third time)',
      ).choices(resolutions),
    )
    .option(
      '--after-restore',
      'send although the store was restored from a backup; says who may get it twice',
    )
    .addHelpText(
      'after',
      `
Without SMTP_URL the mail goes to the outbox, a rehearsal that never counts as a delivery.
Ctrl-C drains what is on the wire and saves; the same command goes on where it stopped.`,
    )
    .action(
      call(
        () => import('./send.ts'),
        ([issue], flags) => ({
          issue: text(issue),
          test: maybe(flags['test']),
          tier: maybe(flags['tier']),
          at: maybe(flags['at']),
          dryRun: flag(flags['dryRun']),
          yes: flag(flags['yes']),
          pause: flag(flags['pause']),
          cancel: flag(flags['cancel']),
          corrected: flag(flags['corrected']),
          afterRestore: flag(flags['afterRestore']),
          resolveUnknown: resolutions.find((each) => each === flags['resolveUnknown']) ?? null,
        }),
      ),
    )

  program
    .command('status [issue]')
    .description('what became of every message: states, rate, who is unknown')
    .option('--watch', 'redraw until it is done')
    .option('--unknown', 'list who may have it or not, with the Message-ID to look for in the server’s log')
    .option(
      '--domains [n]',
      'so many recipient domains, those with trouble first; with --json: as JSON',
      whole,
    )
    .option('--who <address>', 'what exactly one person was sent, and what their server said')
    .option('--eml <file>', 'with --who: the message itself, made again byte for byte; - prints it')
    .action(
      call(
        () => import('./status.ts'),
        ([issue], flags) => ({
          issue: maybe(issue),
          watch: flag(flags['watch']),
          unknown: flag(flags['unknown']),
          domains: flags['domains'] === true ? true : number(flags['domains']),
          who: maybe(flags['who']),
          eml: maybe(flags['eml']),
        }),
      ),
    )

  program
    .command('serve')
    .description('the public site: published issues and one-click unsubscribe; and a worker')
    .option('--port <n>', 'default: PORT, 4870', port)
    .option('--no-worker', 'the site alone')
    .action(
      call(
        () => import('./serve.ts'),
        (_, flags) => ({ port: number(flags['port']), worker: flags['worker'] !== false }),
      ),
    )

  program
    .command('worker')
    .description(
      'start what is scheduled, try again what servers put off, go on where a sender died; until Ctrl-C',
    )
    .option('--rehearse', 'without a server: the same for rehearsals, into the outbox')
    .option('--until-done', 'end once nothing is in flight and nothing is scheduled')
    .option('--check', 'only say whether a worker of this machine, or container, is there; exit 1 if none is')
    .addHelpText(
      'after',
      `
On SQLite one worker sends at a time, and others wait. On PostgreSQL any number of them, on any number of
machines, send an issue together, at one pace.`,
    )
    .action(
      call(
        () => import('./worker.ts'),
        (_, flags) => ({
          rehearse: flag(flags['rehearse']),
          untilDone: flag(flags['untilDone']),
          check: flag(flags['check']),
        }),
      ),
    )

  addOperations(program, call)

  return program
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('must be a whole number.')
  return value
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('must be a port from 0 to 65535.')
  return value
}
