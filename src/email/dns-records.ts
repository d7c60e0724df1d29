import { isIP } from 'node:net'
import { publicKeyText, type DkimKey } from './dkim-key.ts'

/** A record that receivers of our mail look up. */
export interface DnsRecord {
  readonly purpose: 'SPF' | 'DKIM' | 'DMARC' | 'MX'
  /** Without a final dot. */
  readonly name: string
  readonly type: 'TXT' | 'MX'
  /** As it is to be published: the text, or `10 host`. */
  readonly value: string
}

/** What the records depend on. */
export interface MailDomains {
  /** Of the address in From. */
  readonly from: string
  readonly bounce: string | null
  readonly keys: readonly DkimKey[]
  /** Of the SMTP server; null: the outbox. */
  readonly server: string | null
}

/** How what is published stands to what should be. */
export interface RecordCheck {
  readonly state: 'ok' | 'missing' | 'differs' | 'unchecked'
  /** What is published, as it is. */
  readonly found: readonly string[]
  /** What is wrong with it, or worth knowing; or null. */
  readonly note: string | null
  /** What should be published. */
  readonly wanted: DnsRecord
}

/** Relays that send from other addresses than the one they take mail at, and say so themselves. */
const relays: readonly (readonly [RegExp, string])[] = [
  [/\.amazonaws\.com$/, 'include:amazonses.com'],
  [/\.sendgrid\.net$/, 'include:sendgrid.net'],
  [/\.mailgun\.org$/, 'include:mailgun.org'],
  [/\.postmarkapp\.com$/, 'include:spf.mtasv.net'],
  [/\.(gmail|google)\.com$/, 'include:_spf.google.com'],
  [/\.office365\.com$/, 'include:spf.protection.outlook.com'],
]

/** Every record that mail from these domains needs, none twice. */
export function dnsRecords({ from, bounce, keys, server }: MailDomains): readonly DnsRecord[] {
  const domains = bounce === null || bounce === from ? [from] : [from, bounce]
  const spf = `v=spf1 ${spfTerm(server)} ~all`
  return [
    ...domains.map((name) => ({ purpose: 'SPF', name, type: 'TXT', value: spf }) as const),
    ...keys.map(dkimRecord),
    {
      purpose: 'DMARC',
      name: `_dmarc.${from}`,
      type: 'TXT',
      value: `v=DMARC1; p=none; rua=mailto:postmaster@${from}`,
    },
    ...domains.map(
      (name) => ({ purpose: 'MX', name, type: 'MX', value: `10 ${mailHost(server, from)}` }) as const,
    ),
  ]
}

/** What SPF says of a server (RFC 7208 §5). Of a server on this machine nothing is known: the domain's own hosts. */
export function spfTerm(server: string | null): string {
  if (server === null || isHere(server)) return 'a mx'
  const version = isIP(server)
  if (version !== 0) return `ip${version}:${server}`
  return relays.find(([host]) => host.test(server))?.[1] ?? `a:${server}`
}

/** RFC 6376 §3.6.1, RFC 8463 §4. */
function dkimRecord(key: DkimKey): DnsRecord {
  return {
    purpose: 'DKIM',
    name: `${key.selector}._domainkey.${key.domain}`,
    type: 'TXT',
    value: `v=DKIM1; k=${key.algorithm}; p=${publicKeyText(key)}`,
  }
}

/** Where bounces could go: a relay takes none, and an address is no name. */
function mailHost(server: string | null, from: string): string {
  const own = server !== null && isIP(server) === 0 && !isHere(server)
  return own && !spfTerm(server).startsWith('include:') ? server : `mail.${from}`
}

function isHere(server: string): boolean {
  return server === 'localhost' || server === '::1' || server.startsWith('127.')
}

/** One line of a zone file (RFC 1035 §5.1); text in strings of at most 255 octets (§3.3). */
export function zoneLine({ name, type, value }: DnsRecord): string {
  if (type === 'MX') return `${name}. 3600 IN MX ${value}.`
  const strings = (value.match(/.{1,255}/g) ?? []).map((each) => `"${each}"`).join(' ')
  return `${name}. 3600 IN TXT ${strings.length > 257 ? `( ${strings} )` : strings}`
}
