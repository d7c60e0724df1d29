import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileName } from '../../src/outbox/file-name.ts'
import { parseAddress } from '../../src/subscribers/address.ts'
import type { StudioBed } from './bed.ts'
import { inFile } from '../store/in-file.ts'

/** What samples of requests are made from. */
export interface World {
  readonly bed: StudioBed
  readonly issue: string
  readonly source: string
  readonly file: { readonly path: string; readonly text: string; readonly hash: string }
  readonly person: { readonly id: string; readonly address: string }
  readonly delivery: string
  readonly mail: string
  readonly image: string
  readonly asset: string
}

/** A request that would do what its route is for, if our own page sent it. */
export interface Sample {
  readonly path: string
  readonly body?: unknown
}

type Samples = (world: World) => Sample

const get =
  (path: (world: World) => string): Samples =>
  (world) => ({ path: path(world) })
const issue =
  (end: string, body?: unknown): Samples =>
  (world) => ({ path: `/api/issues/${world.issue}${end}`, ...(body === undefined ? {} : { body }) })
const choices = { map: {}, from: 'auto', encoding: 'utf-8', newsletter: 'weekly', tier: null }

/** For each route of the studio, by its method and path. */
export const samples: Readonly<Record<string, Samples>> = {
  'GET /api/shelf': get(() => '/api/shelf'),
  'GET /api/events': get(() => '/api/events'),
  'GET /api/issues/:id': issue(''),
  'POST /api/issues': () => ({ path: '/api/issues', body: { title: 'Planted', newsletter: 'weekly' } }),
  'POST /api/issues/:id/briefs': issue('/briefs', { title: 'Planted' }),
  'GET /api/issues/:id/files': issue('/files'),
  'GET /api/file': get(({ file }) => `/api/file?path=${encodeURIComponent(file.path)}`),
  'PUT /api/file': ({ file: { path, text, hash } }) => ({
    path: '/api/file',
    body: { path, text: `${text}\nPlanted.\n`, base: hash },
  }),
  'POST /api/frontmatter': ({ file: { path, text } }) => ({
    path: '/api/frontmatter',
    body: { path, text, set: {} },
  }),
  'POST /api/issues/:id/images': issue('/images?name=planted', 'raw'),
  'GET /api/issues/:id/sources': issue('/sources'),
  'GET /api/issues/:id/source-of': issue('/source-of?url=https://example.org/'),
  'POST /api/issues/:id/sources': issue('/sources', { url: 'http://127.0.0.1/planted', open: null }),
  'GET /api/issues/:id/sources/:source/copy': ({ issue: id, source }) => ({
    path: `/api/issues/${id}/sources/${source}/copy`,
  }),
  'POST /api/issues/:id/sources/:source/copy': ({ issue: id, source }) => ({
    path: `/api/issues/${id}/sources/${source}/copy`,
    body: {},
  }),
  'POST /api/issues/:id/sources/:source/citation': ({ issue: id, source }) => ({
    path: `/api/issues/${id}/sources/${source}/citation`,
    body: { words: 'planted' },
  }),
  'GET /api/issues/:id/check': issue('/check'),
  'POST /api/issues/:id/fix': issue('/fix', { key: 'x', fix: 'x', version: 1 }),
  'POST /api/issues/:id/fix/preview': issue('/fix/preview', { key: 'x', fix: 'x', version: 1 }),
  'GET /api/issues/:id/compat': issue('/compat'),
  'POST /api/issues/:id/compat/links': issue('/compat/links', { tier: 'member' }),
  'GET /api/personas': get(() => '/api/personas?q=a'),
  'GET /api/issues/:id/preview': issue('/preview'),
  'GET /api/issues/:id/preview/text': issue('/preview/text'),
  'GET /api/issues/:id/preview/source': issue('/preview/source'),
  'GET /api/issues/:id/preview/message.eml': issue('/preview/message.eml'),
  'GET /api/issues/:id/versions': issue('/versions'),
  'GET /api/issues/:id/compare': issue('/compare'),
  'GET /api/issues/:id/approval': issue('/approval'),
  'POST /api/issues/:id/approval': issue('/approval', { step: 'review', by: 'Planted', note: null }),
  'PUT /api/issues/:id/sources/:source/tick': ({ issue: id, source }) => ({
    path: `/api/issues/${id}/sources/${source}/tick`,
    body: { ticked: true, by: 'Planted' },
  }),
  'GET /api/issues/:id/sending': issue('/sending'),
  'GET /api/issues/:id/sending/plan': issue('/sending/plan'),
  'GET /api/issues/:id/sending/result': issue('/sending/result'),
  'GET /api/issues/:id/sending/domains.csv': issue('/sending/domains.csv'),
  'GET /api/sending/time': get(() => '/api/sending/time?at=now'),
  'POST /api/issues/:id/test': issue('/test', { to: 'planted@people.test', tier: 'member' }),
  'POST /api/issues/:id/send': issue('/send', { typed: 1, to: 'everybody', through: 'outbox', at: null }),
  'POST /api/issues/:id/sending': issue('/sending', { action: 'cancel' }),
  'POST /api/issues/:id/sending/unknown': issue('/sending/unknown', { how: 'hold' }),
  'POST /api/outbox/search': () => ({
    path: '/api/outbox/search',
    body: { text: '', inText: false, after: null },
  }),
  'GET /api/outbox/:name': get(({ mail }) => `/api/outbox/${mail}`),
  'GET /api/outbox/:name/checks': get(({ mail }) => `/api/outbox/${mail}/checks`),
  'GET /api/outbox/:name/source': get(({ mail }) => `/api/outbox/${mail}/source`),
  'GET /api/outbox/:name/attachments/:index': get(({ mail }) => `/api/outbox/${mail}/attachments/0`),
  'POST /api/outbox/:name/delete': ({ mail }) => ({ path: `/api/outbox/${mail}/delete`, body: {} }),
  'POST /api/outbox/empty': () => ({ path: '/api/outbox/empty', body: { until: fileName(99_999_999, 'z') } }),
  'GET /frame/outbox/:name': get(({ mail }) => `/frame/outbox/${mail}`),
  'POST /api/people/search': () => ({
    path: '/api/people/search',
    body: { text: '', newsletter: null, tier: null, state: null, after: null },
  }),
  'GET /api/people/counts': get(() => '/api/people/counts'),
  'POST /api/people': () => ({
    path: '/api/people',
    body: { address: 'planted@people.test', name: '', tier: 'member', newsletter: 'weekly', again: false },
  }),
  'GET /api/people/:id': get(({ person }) => `/api/people/${person.id}`),
  'GET /api/people/:id/data': get(({ person }) => `/api/people/${person.id}/data`),
  'POST /api/people/:id': ({ person }) => ({
    path: `/api/people/${person.id}`,
    body: { change: 'suppress', note: 'planted' },
  }),
  'GET /api/people/:id/deliveries': get(({ person }) => `/api/people/${person.id}/deliveries`),
  'GET /api/people/deliveries/:delivery': get(({ delivery }) => `/api/people/deliveries/${delivery}`),
  'GET /frame/received/:delivery': get(({ delivery }) => `/frame/received/${delivery}`),
  'GET /api/people/import': get(() => '/api/people/import'),
  'POST /api/people/import': () => ({ path: '/api/people/import', body: 'raw' }),
  'POST /api/people/import/:upload/look': () => ({ path: '/api/people/import/0/look', body: choices }),
  'POST /api/people/import/:upload/run': () => ({
    path: '/api/people/import/0/run',
    body: { ...choices, dryRun: false },
  }),
  'POST /api/people/import/:upload/cancel': () => ({ path: '/api/people/import/0/cancel', body: {} }),
  'POST /api/people/import/:upload/drop': () => ({ path: '/api/people/import/0/drop', body: {} }),
  'GET /frame/:id/:tier/:part': get((world) => `/frame/${world.issue}/member/mail`),
  'GET /images/:name': get(({ image }) => `/images/${image}`),
  'GET /favicon.ico': get(() => '/favicon.ico'),
  'GET /assets/:name': get(({ asset }) => `/assets/${asset}`),
  'GET /assets/*': get(() => '/assets/a/b'),
  'GET /frame/*': get(() => '/frame/none'),
  'GET /images/*': get(() => '/images/a/b'),
  'GET /*': get((world) => `/issue/${world.issue}/send`),
  'ALL /api/*': () => ({ path: '/api/none', body: {} }),
  // What was made last is erased last.
  'POST /api/people/:id/erase': ({ person }) => ({
    path: `/api/people/${person.id}/erase`,
    body: { typed: person.address },
  }),
}

/** Somebody to write to, a text, a source and a mail, for samples. @param mail the name of one in the outbox */
export async function worldOf(studio: StudioBed, mail: string): Promise<World> {
  const issue = '2025-w46'
  const address = parseAddress('ada@people.test')
  if (!address.ok) throw new Error(address.reason)
  const person = { name: 'Ada', tier: 'member', newsletter: 'weekly', source: 'test', again: false } as const
  await studio.app.subscribers.add({ ...person, address: address.value })
  const found = await studio.app.subscribers.find(address.value)
  const path = `briefs/${issue}/issue.md`
  const file = (await (await studio.ask(`/api/file?path=${path}`)).json()) as World['file']
  const page = await (await studio.ask('/')).text()
  return {
    ...{ bed: studio, issue, file, mail },
    source: 'arab-news',
    person: { id: found?.publicId ?? '', address: 'ada@people.test' },
    delivery: '1',
    image: `${'0'.repeat(32)}.png`,
    asset: /\/assets\/([^"]+\.js)/u.exec(page)?.[1] ?? '',
  }
}

/** Everything that a request could change: the publication’s files, the mailbox, the store. */
export function stateOf({ dir, app }: StudioBed): Readonly<Record<string, string>> {
  const hash = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  const files = readdirSync(dir, { recursive: true })
    .map(String)
    // The desk's folder is what it remembers of texts it has checked; the store is looked at by its tables.
    .filter((name) => !/^data[/\\](?:onrecord\.db|desk)|linked-folder/u.test(name))
    .filter((name) => statSync(join(dir, name)).isFile())
    .map((name) => [name, hash(readFileSync(join(dir, name)))] as const)
  const tables = inFile(app, (database) =>
    database
      .prepare("select name from sqlite_master where type = 'table' order by name")
      .all()
      .map((row) => String(row['name']))
      .map(
        (name) =>
          [`table ${name}`, hash(JSON.stringify(database.prepare(`select * from "${name}"`).all()))] as const,
      ),
  )
  return Object.fromEntries([...files, ...tables])
}
