import type { Resolver } from 'node:dns/promises'

/** What is asked of the DNS; node's own, or a test's. */
export type Lookup = Pick<Resolver, 'resolveTxt' | 'resolveMx' | 'resolve4' | 'resolve6'>

/** Nothing of that name is an answer; that nobody answers is none. */
export type Answer<T> =
  | { readonly ok: true; readonly values: readonly T[] }
  | { readonly ok: false; readonly reason: string }

/** Texts of a name, each put together from its strings. */
export function textsOf(lookup: Lookup, name: string): Promise<Answer<string>> {
  return ask(async () => (await lookup.resolveTxt(name)).map((strings) => strings.join('')))
}

/** The hosts that take the mail of a domain, the preferred ones first; `.` alone: none does (RFC 7505). */
export function mailHostsOf(lookup: Lookup, name: string): Promise<Answer<string>> {
  return ask(async () =>
    (await lookup.resolveMx(name))
      .toSorted((a, b) => a.priority - b.priority)
      .map(({ exchange }) => (exchange === '' ? '.' : exchange)),
  )
}

/** The addresses of a host, of both kinds. */
export async function addressesOf(lookup: Lookup, host: string): Promise<Answer<string>> {
  const answers = await Promise.all([ask(() => lookup.resolve4(host)), ask(() => lookup.resolve6(host))])
  const values = answers.flatMap((answer) => (answer.ok ? answer.values : []))
  return values.length > 0 ? { ok: true, values } : (answers.find(({ ok }) => !ok) ?? { ok: true, values })
}

async function ask<T>(question: () => Promise<readonly T[]>): Promise<Answer<T>> {
  try {
    return { ok: true, values: await question() }
  } catch (error) {
    const code = String(Reflect.get(Object(error), 'code'))
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { ok: true, values: [] }
    return { ok: false, reason: reasons[code] ?? code }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ETIMEOUT: 'the DNS did not answer in time',
  ECONNREFUSED: 'no DNS server answers here',
  ESERVFAIL: 'the domain’s DNS servers fail (SERVFAIL)',
  EREFUSED: 'the DNS server refuses to answer',
  ECANCELLED: 'interrupted',
}
