import { join } from 'node:path'
import { loadConfig, type Config } from '../../src/config.ts'

const root = join(import.meta.dirname, '../..')

/** The repository’s own publication, on a store in `folder`, with nothing of an operator’s settings. */
export function benchConfig(folder: string, environment: Readonly<Record<string, string>> = {}): Config {
  return loadConfig({
    dir: root,
    dataDir: folder,
    environment: {
      BASE_URL: 'https://brief.example.org',
      DATABASE_URL: `sqlite:${join(folder, 'onrecord.db')}`,
      SECRET_KEY: 'for benchmarks alone, and not a secret',
      SMTP_URL: '',
      ...environment,
    },
  })
}
