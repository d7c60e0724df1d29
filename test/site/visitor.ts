import type { SiteBed } from './bed.ts'

/** A browser without JavaScript: keeps its cookie, follows no redirect, sends forms as they stand on the page. */
export interface Visitor {
  /** `name=value`, or null. */
  cookie: string | null
  get(path: string): Promise<Response>
  /** With the `csrf` of the preferences page, if there is a session. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>
}

export function visit(bed: SiteBed, cookie: string | null = null): Visitor {
  const headers = (): Record<string, string> => (visitor.cookie === null ? {} : { Cookie: visitor.cookie })
  const keep = (response: Response): Response => {
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      visitor.cookie = /Max-Age=0/i.test(set) ? null : pair
    }
    return response
  }
  const visitor: Visitor = {
    cookie,
    get: async (path) => keep(await bed.site.request(path, { headers: headers() })),
    async post(path, fields = {}) {
      const csrf =
        visitor.cookie === null ? {} : { csrf: csrfIn(await (await visitor.get('/preferences')).text()) }
      return keep(await bed.post(path, { ...csrf, ...fields }, headers()))
    },
  }
  return visitor
}

/** The hidden field of the first form that has one. */
export function csrfIn(html: string): string {
  return /name="csrf" value="([^"]*)"/.exec(html)?.[1] ?? ''
}

/** The token of the letter that waits, as the mailer would mail it. */
export async function nextToken(bed: SiteBed): Promise<string> {
  const letter = await bed.deps.readers.nextLetter()
  if (letter === null || !('token' in letter)) throw new Error('no letter with a link waits')
  await bed.deps.readers.settleLetter(letter.id, 'sent')
  return letter.token
}

/** Somebody who has asked for a link and pressed its button. */
export async function loggedIn(bed: SiteBed, address: string): Promise<Visitor> {
  const visitor = visit(bed)
  await visitor.post('/log-in', { email: address })
  const answer = await visitor.post(`/log-in/${await nextToken(bed)}`)
  if (answer.status !== 303) throw new Error(`${address} could not log in: ${answer.status}`)
  return visitor
}

/** Everything in the store, to compare: what a request changed shows. */
export function everything({ database }: SiteBed): string {
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`)
    .all()
  return JSON.stringify(
    tables.map(({ name }) => [name, database.prepare(`select * from "${String(name)}"`).all()]),
    (_key, value: unknown) =>
      typeof value === 'bigint' || value instanceof Uint8Array ? String(value) : value,
  )
}
