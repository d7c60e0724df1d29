import type { Command } from 'commander'
import type { Call } from './call.ts'

/** `onrecord new`: drafts. */
export function addNew(program: Command, call: Call): void {
  const text = (value: unknown): string => String(value)
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)

  const make = program.command('new').description('write a draft with its frontmatter filled in')
  make
    .command('issue <title>')
    .description('a folder under briefs/ with issue.md, a first brief and an empty ledger')
    .option('--newsletter <key>', 'a newsletter of onrecord.yaml; default: the first')
    .option('--template <name>', 'a look under templates/, such as flash; default: the newsletter’s')
    .action(
      call(
        () => import('./new.ts'),
        ([title], flags) => ({
          kind: 'issue' as const,
          title: text(title),
          issue: null,
          newsletter: maybe(flags['newsletter']),
          template: maybe(flags['template']),
        }),
      ),
    )
  make
    .command('next [title]')
    .description('an issue for the next time of its newsletter’s “cadence”, named and dated by it')
    .option('--newsletter <key>', 'a newsletter of onrecord.yaml; default: the first with a cadence')
    .action(
      call(
        () => import('./new-next.ts'),
        ([title], flags) => ({ title: maybe(title), newsletter: maybe(flags['newsletter']) }),
      ),
    )
  make
    .command('brief <title>')
    .description('a brief in an issue')
    .requiredOption('--issue <id>', 'the issue it belongs to')
    .action(
      call(
        () => import('./new.ts'),
        ([title], flags) => ({
          kind: 'brief' as const,
          title: text(title),
          issue: maybe(flags['issue']),
          newsletter: null,
          template: null,
        }),
      ),
    )
}
