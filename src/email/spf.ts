import { textsOf, type Lookup } from './dns-lookup.ts'
import type { DnsRecord, RecordCheck } from './dns-records.ts'

/** RFC 7208 §4.6.4: questions that one record may cause; receivers give up beyond. */
const MOST_LOOKUPS = 10

/**
 * Whether a domain has one SPF record that lets somebody send, and a relay that we know among them. From
 * which addresses another server sends cannot be seen from here, and is not guessed.
 *
 * @param term what names the server, as `spfTerm` gives it
 */
export async function checkSpf(
  lookup: Lookup,
  wanted: DnsRecord,
  term: string,
  server: string | null,
): Promise<RecordCheck> {
  const answer = await textsOf(lookup, wanted.name)
  if (!answer.ok) return { state: 'unchecked', found: [], note: answer.reason, wanted }
  const found = answer.values.filter(isSpf)
  const [record] = found
  const differs = (note: string, value = wanted.value): RecordCheck => ({
    state: 'differs',
    found,
    note,
    wanted: { ...wanted, value },
  })
  if (record === undefined) return { state: 'missing', found, note: null, wanted }
  if (found.length > 1) return differs('there are several records: receivers then take none', merged(found))
  const reach: Reach = { terms: [], lookups: 0, trouble: null }
  await follow(lookup, record, reach)
  const { terms, lookups, trouble } = reach
  if (terms.includes('all'))
    return differs('it lets anybody send in your name', record.replace(/\s\+?all\b/i, ' ~all'))
  if (trouble !== null) return { state: 'unchecked', found, note: trouble, wanted }
  if (lookups > MOST_LOOKUPS)
    return differs(`it takes ${lookups} questions, and receivers give up after ${MOST_LOOKUPS}`, record)
  const permits = terms.filter((each) => !/^[-~?]|^redirect=/.test(each))
  if (permits.length === 0) return differs('it lets nobody send', added(record, term))
  if (term.split(' ').some((each) => permits.includes(each)))
    return { state: 'ok', found, note: null, wanted }
  if (term.startsWith('include:')) return differs(`it leaves out ${server}`, added(record, term))
  return {
    state: 'ok',
    found,
    note: `look that it names the addresses that ${server ?? 'your server'} sends from`,
    wanted,
  }
}

/** What a record comes to with all that it includes. */
interface Reach {
  /** In lower case, with their qualifier. */
  readonly terms: string[]
  lookups: number
  trouble: string | null
}

async function follow(lookup: Lookup, record: string, reach: Reach): Promise<void> {
  for (const term of record.toLowerCase().split(/\s+/).slice(1)) {
    if (term === '') continue
    const next = /^\+?(?:include:|redirect=)(.+)$/.exec(term)?.[1]
    reach.terms.push(term.replace(/^\+/, ''))
    if (/^[-~?+]?(include:|a\b|mx\b|ptr\b|exists:)|^redirect=/.test(term)) reach.lookups++
    if (next === undefined || next.includes('%') || reach.lookups > MOST_LOOKUPS) continue
    const answer = await textsOf(lookup, next)
    if (!answer.ok) reach.trouble = `${next}: ${answer.reason}`
    else for (const text of answer.values.filter(isSpf)) await follow(lookup, text, reach)
  }
}

function isSpf(text: string): boolean {
  return /^v=spf1(\s|$)/i.test(text)
}

/** The record with one term more, before what it says of everybody else. */
function added(record: string, term: string): string {
  const all = /\s[-~?+]?all\s*$|\sredirect=\S+\s*$/i.exec(record)
  return all === null ? `${record} ${term}` : `${record.slice(0, all.index)} ${term}${all[0]}`
}

function merged(records: readonly string[]): string {
  const terms = records.flatMap((each) => each.trim().split(/\s+/).slice(1))
  const isAll = (term: string): boolean => /^[-~?+]?all$/i.test(term)
  return ['v=spf1', ...new Set(terms.filter((term) => !isAll(term))), '~all'].join(' ')
}
