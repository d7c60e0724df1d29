import { join } from 'node:path'
import { publicationSchema } from '../../src/core/publication.ts'
import { createTokens } from '../../src/core/token.ts'
import { loadTemplate } from '../../src/render/template.ts'
import { startMailer } from '../../src/site/mailer.ts'
import { openArchive } from '../../src/store/archive.ts'
import { openReaders } from '../../src/store/readers.ts'
import { openDatabase } from '../../src/store/sqlite.ts'
import { openSmtpTransport } from '../../src/smtp/nodemailer.ts'

/*
 * `node mailer-process.ts <database> <port> <offset>`: a mailer of its own, to be killed. Its clock goes
 * `offset` milliseconds ahead.
 */

const [, , file = '', port = '', offset = ''] = process.argv
const clock = { now: () => Date.now() + Number(offset) }
const tokens = createTokens('0123456789abcdef0123456789abcdef')
const database = openDatabase(file, clock)
const mailer = startMailer({
  letters: openReaders(database, { tokens, sessionDays: 90 }),
  publication: publicationSchema.parse({
    name: 'The Brief',
    url: 'https://brief.example.org',
    from: { name: 'The Brief', address: 'desk@brief.example.org' },
    postalAddress: '1 Harbour Street',
    newsletters: { weekly: { name: 'Weekly' } },
  }),
  baseUrl: 'https://brief.example.org',
  tokens,
  archive: openArchive(database),
  looks: new Map(),
  builtIn: await loadTemplate(join(import.meta.dirname, '..', '..', 'templates', 'weekly')),
  signer: null,
  formatOf: async () => 'html',
  openTransport: async () =>
    openSmtpTransport({
      kind: 'smtp',
      label: 'the test’s server',
      host: '127.0.0.1',
      port: Number(port),
      secure: false,
      tls: 'off',
      auth: null,
      connections: 1,
    }),
  clock,
  log: () => undefined,
})
process.on('SIGTERM', () => void mailer.close().then(() => database.close()))
