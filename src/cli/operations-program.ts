import type { Command } from 'commander'
import type { Call } from './call.ts'

/** What whoever runs it needs: a health check, backups, putting one back, the steps of the schema. */
export function addOperations(program: Command, call: Call): void {
  const maybe = (value: unknown): string | null => (typeof value === 'string' ? value : null)
  program
    .command('doctor')
    .description(
      'is all there for a real send? and the DNS records to publish, compared with what is published',
    )
    .option('--offline', 'ask no DNS, and no server but one on this machine')
    .addHelpText('after', '\nIt changes nothing and sends no mail. Exit 1 when something is to be done.')
    .action(
      call(
        () => import('./doctor.ts'),
        (_, flags) => ({ offline: flags['offline'] === true }),
      ),
    )
  program
    .command('backup <file>')
    .description('one file of everything that is not in git: the store, images, stored copies, the key')
    .option('--force', 'replace a file that is there')
    .addHelpText(
      'after',
      `
Works while a send runs. The file gets its name once it is whole, checked and on the disk; it holds
addresses and is readable by you alone.

  onrecord backup /mnt/backups/brief-$(date +%F).db
  onrecord backup latest.db --force     (the former one stays until the new one is whole)

A publication on PostgreSQL is backed up by pg_dump, and data/images, data/snapshots and the key beside it.`,
    )
    .action(
      call(
        () => import('./backup.ts'),
        ([file], flags) => ({ file: String(file), force: flags['force'] === true }),
      ),
    )
  program
    .command('restore [file]')
    .description('put a backup in the place of the store; the present one is kept beside it')
    .option('--confirm', 'after a restore: let every issue be sent again')
    .option('--dumped-at <time>', 'on PostgreSQL, after pg_restore: hold real sends')
    .option('--moved', 'on PostgreSQL, after an upgrade or a copy while nothing ran: go on here')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
End what uses the store first (serve, worker, preview, a send). The store does not know what was sent
after the backup, so that no real send goes on before you say so:

  onrecord restore /mnt/backups/brief-2026-01-31.db
  onrecord send <issue> --after-restore    one issue; it says who may get it twice, and asks
  onrecord restore --confirm               every issue

On PostgreSQL pg_restore puts a dump into a fresh database, which DATABASE_URL names from then on. Before
anything else runs in it:

  onrecord restore --dumped-at 2026-01-31T03:00Z

A store that finds itself in another database sends nothing real before that, or before you say that all was
ended while it was moved (pg_upgrade, a copy):

  onrecord restore --moved`,
    )
    .action(
      call(
        () => import('./restore.ts'),
        ([file], flags) => ({
          file: maybe(file),
          confirm: flags['confirm'] === true,
          dumpedAt: maybe(flags['dumpedAt']),
          moved: flags['moved'] === true,
          yes: flags['yes'] === true,
        }),
      ),
    )
  program
    .command('migrate')
    .description(
      'bring the store to this version’s schema, a copy kept first; every command does it by itself',
    )
    .option('--dry-run', 'show the steps, and take none')
    .option(
      '--to <address>',
      'move the publication to an empty PostgreSQL: postgres://user@host:port/database',
    )
    .option('--stay', 'take the SQLite file into use again: the move from it was given up')
    .addHelpText(
      'after',
      `
Steps go forward only, and each is taken whole or not at all. To go back to a former version of
Onrecord, put the copy back with that version: it is named <store>.before-step-<n>.

  onrecord migrate --dry-run    after an upgrade: what will change
  onrecord migrate

A move copies every table from SQLite, and compares each on both sides; nothing is there before all of it
is. End what uses the store first (serve, worker, preview, a send). PGPASSWORD keeps the password out of
the list of processes:

  createdb onrecord
  onrecord migrate --to postgres://onrecord@db.example.org:5432/onrecord`,
    )
    .action(
      call(
        () => import('./migrate.ts'),
        (_, flags) => ({
          dryRun: flags['dryRun'] === true,
          to: maybe(flags['to']),
          stay: flags['stay'] === true,
        }),
      ),
    )
}
