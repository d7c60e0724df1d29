import { resolve } from 'node:path'
import { backupStore } from '../store/backup.ts'
import { drawAdvance, size } from './advance.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { number } from './round-text.ts'
import { OnrecordError } from '../core/errors.ts'
import type { PostgresAddress } from '../store/postgres/address.ts'

export interface BackupCommandOptions {
  readonly file: string
  readonly force: boolean
}

/** PostgreSQL copies itself, and better than we could. */
function ownTools({ label }: PostgresAddress, dataDir: string): OnrecordError {
  return new OnrecordError(
    'refused',
    `The store is ${label}: PostgreSQL’s own tools back it up, also during a send.`,
    {
      hint: `pg_dump --format=custom --file=onrecord.dump "$DATABASE_URL", and with it the folders images and snapshots of ${dataDir}, and secret.key where SECRET_KEY is not set`,
    },
  )
}

/** `onrecord backup <file>`: one file of everything that is not in git, also during a send. */
export async function run(context: Context, { file, force }: BackupCommandOptions): Promise<ExitCode> {
  const { database, dataDir } = context.config()
  if (database.kind === 'postgres') throw ownTools(database, dataDir)
  const backup = await backupStore({
    ...drawAdvance(context),
    store: database.file,
    dataDir,
    to: resolve(context.cwd, file),
    force,
    now: Date.now(),
  })
  context.drawProgress('')
  if (context.options.json) {
    context.print(JSON.stringify(backup, null, 2))
    return exit.done
  }
  const { people, deliveries, files, bytes, hasKey } = backup
  context.print(
    `${backup.file}: ${size(bytes)}, checked. It holds ${number(people)} ${people === 1 ? 'person' : 'people'}, ${number(deliveries)} deliveries and ${number(files)} files.`,
  )
  context.print(
    hasKey
      ? 'It holds addresses and the key that signs unsubscribe links: keep it where only you can read it.'
      : 'It holds addresses: keep it where only you can read it. SECRET_KEY is not in it: keep that, too.',
  )
  context.note('Not in it: .env, DKIM keys, and what is in git (briefs, templates, onrecord.yaml).')
  return exit.done
}
