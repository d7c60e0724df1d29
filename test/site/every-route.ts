import type { Tier } from '../../src/core/tier.ts'
import { csrfToken } from '../../src/site/middleware/csrf.ts'
import { parseAddress, type Address } from '../../src/subscribers/address.ts'
import type { DueLetter } from '../../src/subscribers/readers.ts'
import { unsubscribeToken } from '../../src/subscribers/unsubscribe-token.ts'
import { viewToken } from '../../src/subscribers/view-token.ts'
import type { StoreBed } from './bed.ts'
import type { Secrets } from './secret-publication.ts'

/** Who asks: a browser, with or without a cookie. */
export interface Asker {
  readonly name: string
  /** What it may read. */
  readonly tier: Tier
  readonly cookie: string | null
  readonly publicId: string | null
}

/** A request that a route is made for. */
export interface Sample {
  readonly path: string
  /** Of a POST. */
  readonly fields?: Readonly<Record<string, string>>
  /** The path itself opens this tier, whoever asks. */
  readonly shows?: Tier
  readonly headers?: Readonly<Record<string, string>>
}

/** What samples are made from. Each asks for what it needs, so that no request spoils another’s. */
export interface World {
  readonly bed: StoreBed
  readonly secrets: Secrets
}

let people = 0

export function addressOf(text: string): Address {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.value
}

/** An address that nobody had before. */
export function newAddress(): string {
  return `reader-${++people}@people.test`
}

/** Asks for letters until the one to `address` of that kind comes. */
export async function letterTo<Kind extends DueLetter['kind']>(
  { deps: { readers } }: StoreBed,
  address: string,
  kind: Kind,
): Promise<Extract<DueLetter, { kind: Kind }>> {
  for (;;) {
    const letter = await readers.nextLetter()
    if (letter === null) throw new Error(`no ${kind} to ${address}`)
    await readers.settleLetter(letter.id, 'sent')
    if (letter.address === address && isOf(letter, kind)) return letter
  }
}

function isOf<Kind extends DueLetter['kind']>(
  letter: DueLetter,
  kind: Kind,
): letter is Extract<DueLetter, { kind: Kind }> {
  return letter.kind === kind
}

/** A mailed log-in link’s token. */
export async function logInToken(bed: StoreBed, address: string): Promise<string> {
  await bed.deps.readers.ask({ kind: 'log-in', address: addressOf(address), next: null })
  return (await letterTo(bed, address, 'log-in')).token
}

/** Somebody with a session. */
export async function enter(
  bed: StoreBed,
  tier: 'subscriber' | 'member',
): Promise<Asker & { address: string; publicId: string; value: string }> {
  const address = newAddress()
  const { publicId } = await bed.person(address, tier)
  const entered = await bed.deps.readers.logIn(await logInToken(bed, address))
  if (entered.state !== 'entered') throw new Error(entered.state)
  const value = entered.session
  return { name: tier, tier, cookie: `__Host-reader=${value}`, value, publicId, address }
}

/** Everybody who could ask, anew. */
export const askers: Readonly<Record<string, (bed: StoreBed) => Promise<Asker>>> = {
  nobody: async () => ({ name: 'nobody', tier: 'public', cookie: null, publicId: null }),
  'a made-up cookie': async () => ({
    name: 'a made-up cookie',
    tier: 'public',
    cookie: `__Host-reader=${'a'.repeat(52)}; reader=member; tier=member`,
    publicId: null,
  }),
  'who has left': async (bed) => {
    const asker = await enter(bed, 'member')
    await bed.subscribers.unsubscribe({ publicId: asker.publicId }, null)
    return { ...asker, name: 'who has left', tier: 'public' }
  },
  'who was erased': async (bed) => {
    const asker = await enter(bed, 'member')
    await bed.subscribers.erase(addressOf(asker.address))
    return { ...asker, name: 'who was erased', tier: 'public' }
  },
  'a member once': async (bed) => {
    const asker = await enter(bed, 'member')
    await bed.subscribers.set({ publicId: asker.publicId }, { tier: 'subscriber' })
    return { ...asker, name: 'a member once', tier: 'subscriber' }
  },
  subscriber: (bed) => enter(bed, 'subscriber'),
  member: (bed) => enter(bed, 'member'),
}

type Samples = (world: World, asker: Asker) => readonly Sample[] | Promise<readonly Sample[]>

const paths =
  (...all: readonly string[]): Samples =>
  () =>
    all.map((path) => ({ path }))

const sourceIds = ['daily', 'agency', 'book', 'readers', 'vault', 'lone', 'ministry', 'relay', 'library']

/** A form that acts for the asker’s session. */
const ownForm =
  (path: string, fields: Readonly<Record<string, string>>): Samples =>
  async ({ bed }, { cookie }) => {
    const value = cookie?.replace('__Host-reader=', '') ?? ''
    const session = await bed.deps.readers.session(value)
    const csrf = session === null ? 'none' : csrfToken(bed.tokens, session)
    return [{ path, fields: { csrf, ...fields } }]
  }

const confirming: Samples = async ({ bed }) => {
  const address = newAddress()
  const proof = { askedAt: bed.clock.now(), form: 'sign-up', words: 'I do', network: null } as const
  await bed.deps.readers.ask({ kind: 'sign-up', address: addressOf(address), newsletter: 'weekly', proof })
  const { token } = await letterTo(bed, address, 'confirm')
  return [
    { path: `/confirm/${token}`, fields: {} },
    { path: '/confirm/nonsense', fields: {} },
  ]
}

const loggingIn: Samples = async ({ bed }) => {
  const address = newAddress()
  await bed.person(address)
  const token = await logInToken(bed, address)
  return [
    { path: `/log-in/${token}`, fields: {} },
    { path: '/log-in/nonsense', fields: {} },
  ]
}

const changing: Samples = async ({ bed }) => {
  const [from, to] = [newAddress(), newAddress()]
  const { publicId } = await bed.person(from)
  await bed.deps.readers.askChange(publicId, addressOf(to))
  const tokens = [await letterTo(bed, from, 'change-from'), await letterTo(bed, to, 'change-to')]
  return [
    ...tokens.map(({ token }) => ({ path: `/change/${token}`, fields: {} })),
    { path: '/change/nonsense', fields: {} },
  ]
}

const leaving =
  (end: string): Samples =>
  async ({ bed }) => {
    const { publicId } = await bed.person(newAddress(), 'member')
    const token = unsubscribeToken(bed.tokens, { publicId, newsletter: 'weekly' })
    return [
      { path: `/u/${token}${end}`, fields: { from: 'page' } },
      { path: `/u/${token}${end}`, fields: { 'List-Unsubscribe': 'One-Click' } },
      { path: `/u/test${end}`, fields: {} },
      { path: `/u/nonsense${end}`, fields: {} },
    ]
  }

const viewing: Samples = async ({ bed }) => {
  const link = (publicId: string, issue: string): string => `/v/${viewToken(bed.tokens, issue, publicId)}`
  const subscriber = await bed.person(newAddress(), 'subscriber')
  const member = await bed.person(newAddress(), 'member')
  const gone = await bed.person(newAddress(), 'member')
  await bed.subscribers.unsubscribe(gone, null)
  return [
    { path: link(subscriber.publicId, 'w1'), shows: 'subscriber' },
    { path: link(member.publicId, 'w1'), shows: 'member' },
    { path: link(gone.publicId, 'w1'), shows: 'public' },
    { path: link(member.publicId, 'w4'), shows: 'public' },
    { path: '/v/test', shows: 'public' },
    { path: '/v/nonsense', shows: 'public' },
  ]
}

/** For each route of the site, by its method and path: requests that reach what it has. */
export const samples: Readonly<Record<string, Samples>> = {
  'GET /healthz': paths('/healthz'),
  'GET /readyz': paths('/readyz'),
  'GET /metrics': paths('/metrics'),
  'GET /assets/:name': ({ bed }) =>
    [...bed.deps.pages.assets.keys(), 'none.css'].map((name) => ({ path: `/assets/${name}` })),
  'GET /favicon.ico': paths('/favicon.ico'),
  'GET /images/:name': ({ secrets: { editions } }) =>
    [...new Set(Object.values(editions).flatMap(({ member }) => member.images)), `${'0'.repeat(32)}.png`].map(
      (name) => ({ path: `/images/${name}` }),
    ),
  'GET /feed.xml': paths('/feed.xml'),
  'GET /feed.json': paths('/feed.json'),
  'GET /sitemap.xml': paths('/sitemap.xml'),
  'GET /sitemap/:file{[1-9][0-9]{0,5}\\.xml}': paths('/sitemap/1.xml', '/sitemap/2.xml'),
  'GET /robots.txt': paths('/robots.txt'),
  'GET /': paths('/', '/?page=2'),
  'GET /issues/:issue/sources.json': paths(
    ...['w1', 'w2', 'w3', 'w4', 'none'].map((id) => `/issues/${id}/sources.json`),
  ),
  'GET /issues/:issue': paths(
    ...['w1', 'w2', 'w3', 'w4', 'none', '%ff', '..%2fw4'].map((id) => `/issues/${id}`),
  ),
  'GET /issues/:issue/:brief': paths(
    ...[
      'w1/harbour',
      'w1/inner',
      'w1/reader',
      'w1/none',
      'w2/quay',
      'w3/boats',
      'w3/zqnwithdrawnbrief',
      'w4/zqndraftbrief',
    ].map((id) => `/issues/${id}`),
  ),
  'GET /sources/:issue/:id': paths(
    ...sourceIds.map((id) => `/sources/w1/${id}`),
    ...['w2/daily', 'w3/daily', 'w3/gone', 'w4/daily', 'w1/none'].map((id) => `/sources/${id}`),
  ),
  'GET /search': paths(
    '/search',
    '/search?q=harbour',
    '/search?q=harbour&page=2',
    '/search?q=the',
    '/search?q=%22',
  ),
  'GET /corrections': paths('/corrections', '/corrections?page=2'),
  'GET /how-we-source': paths('/how-we-source'),
  'GET /subscribe': paths('/subscribe'),
  'POST /subscribe': () => [
    { path: '/subscribe', fields: { email: newAddress(), newsletter: 'weekly' } },
    { path: '/subscribe', fields: { email: 'zqnneighbour@zqnpeople.test'.slice(3), newsletter: 'weekly' } },
    { path: '/subscribe', fields: { email: 'nothing', newsletter: 'none' } },
  ],
  'GET /confirm/:token': confirming,
  'POST /confirm/:token': confirming,
  'GET /log-in': paths('/log-in', '/log-in?next=/preferences', '/log-in?next=https://evil.test/'),
  'POST /log-in': async ({ bed }) => {
    const address = newAddress()
    await bed.person(address)
    return [
      { path: '/log-in', fields: { email: address } },
      { path: '/log-in', fields: { email: newAddress() } },
    ]
  },
  'GET /log-in/:token': loggingIn,
  'POST /log-in/:token': loggingIn,
  'POST /log-out': ownForm('/log-out', {}),
  'GET /preferences': paths('/preferences'),
  'GET /preferences/data.json': paths('/preferences/data.json'),
  'POST /preferences/log-out-everywhere': ownForm('/preferences/log-out-everywhere', {}),
  'POST /preferences/newsletters': ownForm('/preferences/newsletters', {
    'newsletter-weekly': 'on',
    'newsletter-daily': 'on',
  }),
  'POST /preferences/format': ownForm('/preferences/format', { format: 'text' }),
  'POST /preferences/pause': ownForm('/preferences/pause', { weeks: '2' }),
  'POST /preferences/address': ownForm('/preferences/address', { email: 'other@people.test' }),
  'POST /preferences/keep-address': ownForm('/preferences/keep-address', {}),
  'POST /preferences/views': ownForm('/preferences/views', {}),
  'POST /preferences/erase': ownForm('/preferences/erase', { sure: 'yes' }),
  'GET /change/:token': changing,
  'POST /change/:token': changing,
  'GET /u/:token': leaving(''),
  'POST /u/:token': leaving(''),
  'POST /u/:token/undo': leaving('/undo'),
  'GET /v/:token': viewing,
}

/** The routes of an app that answer, as `METHOD path`; what stands before all of them is none. */
export function routesOf(app: { readonly routes: readonly { method: string; path: string }[] }): string[] {
  return [
    ...new Set(
      app.routes
        .filter(({ method, path }) => method !== 'ALL' || path !== '/*')
        .map(({ method, path }) => `${method} ${path}`),
    ),
  ]
}
