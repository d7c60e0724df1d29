import { spfTerm, type DnsRecord, type MailDomains, type RecordCheck } from './dns-records.ts'
import { addressesOf, mailHostsOf, textsOf, type Answer, type Lookup } from './dns-lookup.ts'
import { checkSpf } from './spf.ts'

/** Looks one record of `dnsRecords` up and compares it. Never throws: what cannot be asked is `unchecked`. */
export async function checkRecord(
  lookup: Lookup,
  wanted: DnsRecord,
  domains: MailDomains,
): Promise<RecordCheck> {
  switch (wanted.purpose) {
    case 'SPF':
      return checkSpf(lookup, wanted, spfTerm(domains.server), domains.server)
    case 'DKIM':
      return judge(wanted, await textsOf(lookup, wanted.name), dkimFault)
    case 'DMARC':
      return checkDmarc(lookup, wanted, domains)
    case 'MX':
      return checkMx(lookup, wanted)
  }
}

type Fault = (found: readonly string[], wanted: DnsRecord) => string | null

function judge(wanted: DnsRecord, answer: Answer<string>, fault: Fault): RecordCheck {
  if (!answer.ok) return { state: 'unchecked', found: [], note: answer.reason, wanted }
  const found = answer.values
  if (found.length === 0) return { state: 'missing', found, note: null, wanted }
  const note = fault(found, wanted)
  return { state: note === null ? 'ok' : 'differs', found, note, wanted }
}

/** RFC 6376 §3.6.1. */
function dkimFault(found: readonly string[], wanted: DnsRecord): string | null {
  if (found.length > 1) return 'there are several records: receivers may take any of them'
  const tags = tagsOf(found[0] ?? '')
  const should = tagsOf(wanted.value)
  const squeezed = (text: string | undefined): string => (text ?? '').replace(/\s+/g, '')
  if (tags.get('v') !== undefined && tags.get('v') !== 'DKIM1') return 'v= must be DKIM1'
  if ((tags.get('k') ?? 'rsa') !== should.get('k')) return `k= must be ${should.get('k')}`
  if (squeezed(tags.get('p')) === '') return 'p= is empty: the key is withdrawn'
  if (squeezed(tags.get('p')) !== squeezed(should.get('p')))
    return 'p= is another key than the one that signs'
  const hashes = tags.get('h')
  if (hashes !== undefined && !hashes.split(':').some((each) => each.trim() === 'sha256'))
    return 'h= leaves out sha256'
  const flags = (tags.get('t') ?? '').split(':').map((each) => each.trim())
  return flags.includes('y') ? 't=y says that this is a test: receivers may ignore the signature' : null
}

/** RFC 7489 §6.3 and §6.6.3: a record of a domain above holds where there is none. */
async function checkDmarc(lookup: Lookup, wanted: DnsRecord, domains: MailDomains): Promise<RecordCheck> {
  const labels = domains.from.split('.')
  for (let at = 0; at < labels.length - 1; at++) {
    const domain = labels.slice(at).join('.')
    const answer = await textsOf(lookup, `_dmarc.${domain}`)
    if (!answer.ok) return { state: 'unchecked', found: [], note: answer.reason, wanted }
    const found = answer.values.filter((text) => /^v\s*=\s*DMARC1\s*(;|$)/i.test(text))
    if (found.length === 0) continue
    const note = dmarcFault(found, domains)
    if (note !== null) return { state: 'differs', found, note, wanted }
    return { state: 'ok', found, note: at === 0 ? null : `the record of ${domain} holds`, wanted }
  }
  return { state: 'missing', found: [], note: null, wanted }
}

function dmarcFault(found: readonly string[], { from, keys }: MailDomains): string | null {
  if (found.length > 1) return 'there are several records: receivers then take none'
  const tags = tagsOf(found[0] ?? '')
  if (!['none', 'quarantine', 'reject'].includes((tags.get('p') ?? '').toLowerCase()))
    return 'p= must be none, quarantine or reject'
  const strict = (tags.get('adkim') ?? 'r').toLowerCase() === 's'
  if (strict && keys.length > 0 && keys.every(({ domain }) => domain !== from))
    return `adkim=s counts no signature but of ${from}: set DKIM_DOMAIN to it, or take adkim=s away`
  return null
}

/** RFC 5321 §5.1. */
async function checkMx(lookup: Lookup, wanted: DnsRecord): Promise<RecordCheck> {
  const answer = await mailHostsOf(lookup, wanted.name)
  const check = judge(wanted, answer, (found) =>
    found.every((host) => host === '.') ? 'it says that the domain takes no mail (RFC 7505)' : null,
  )
  if (check.state !== 'ok') return check
  const addresses = await Promise.all(check.found.map((host) => addressesOf(lookup, host)))
  if (addresses.some((each) => each.ok && each.values.length > 0)) return check
  const failed = addresses.find((each) => !each.ok)
  if (failed?.ok === false) return { ...check, state: 'unchecked', note: failed.reason }
  return { ...check, state: 'differs', note: `${check.found.join(', ')} has no address` }
}

/** `tag=value` pairs (RFC 6376 §3.2). */
function tagsOf(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const pair of text.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0) tags.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  return tags
}
