import { smtpOptions } from '../../app.ts'
import type { Config } from '../../config.ts'
import { checkRecord } from '../../email/dns-check.ts'
import type { Lookup } from '../../email/dns-lookup.ts'
import { dnsRecords, zoneLine, type MailDomains, type RecordCheck } from '../../email/dns-records.ts'
import { isLoopback } from '../../smtp/loopback.ts'
import { diagnosis, type Diagnosis } from './finding.ts'
import { domainOf } from './local.ts'

/** Milliseconds for each answer of the server. */
const PATIENCE = { connect: 5_000, reply: 10_000 }

/** Whether the SMTP server takes us: connects, says hello, TLS and password as a send does, and leaves. */
export async function sendingOf(
  config: Config,
  offline: boolean,
  aborted: AbortSignal,
): Promise<readonly Diagnosis[]> {
  const { smtp } = config
  if (smtp === null)
    return [
      diagnosis(
        'sending',
        'SMTP_URL',
        'todo',
        'not set: mail goes to the outbox, a rehearsal, and so do the site’s confirmations and log-in links; set SMTP_URL=smtps://user:password@host:465',
      ),
    ]
  const options = { ...smtpOptions(config, smtp), timeouts: PATIENCE }
  const { label } = options
  if (offline && !isLoopback(smtp.host))
    return [diagnosis('sending', label, 'skipped', 'not asked (--offline)')]
  const { probeServer, probeWithNodemailer } = await import('../../smtp/probe.ts')
  const probe =
    config.smtpClient === 'nodemailer'
      ? await probeWithNodemailer(options)
      : await probeServer(options, aborted)
  if (!probe.ok) return [diagnosis('sending', label, 'todo', probe.reason)]
  const { server, tls } = probe
  const password = smtp.auth === null ? 'no password is set' : 'the password is taken'
  if (server === null) return [diagnosis('sending', label, 'ok', `answers; ${password}`)]
  const offers = [
    ...(server.pipelining ? ['PIPELINING'] : []),
    ...(server.eightBitMime ? ['8BITMIME'] : []),
    ...(server.smtpUtf8 ? ['SMTPUTF8'] : []),
    ...(server.dsn ? ['DSN'] : []),
    ...(server.largest === null ? [] : [`SIZE ${server.largest}`]),
    ...(server.auth.length === 0 ? [] : [`AUTH ${server.auth.join(' ')}`]),
  ]
  return [
    diagnosis('sending', label, 'ok', `answers; ${tls ?? 'in the clear'}; ${password}`),
    diagnosis('sending', 'offers', 'ok', offers.join(', ') || 'nothing beyond plain SMTP'),
  ]
}

/** Every record to publish, and how what is published stands to it. */
export async function dnsOf(config: Config, lookup: Lookup | null): Promise<readonly Diagnosis[]> {
  const domains: MailDomains = {
    from: domainOf(config.publication.from.address),
    bounce: config.bounceDomain,
    keys: config.dkim,
    server: config.smtp?.host ?? null,
  }
  return Promise.all(
    dnsRecords(domains).map(async (record): Promise<Diagnosis> => {
      const name = `${record.purpose} ${record.name}`
      if (lookup === null)
        return { ...diagnosis('dns', name, 'skipped', 'not asked (--offline)'), publish: zoneLine(record) }
      const check = await checkRecord(lookup, record, domains)
      const { state, found } = check
      return { section: 'dns', name, state, text: textOf(check), found, publish: zoneLine(check.wanted) }
    }),
  )
}

function textOf({ state, note }: RecordCheck): string {
  switch (state) {
    case 'ok':
      return note === null ? 'published' : `published; ${note}`
    case 'missing':
      return 'nothing is published'
    case 'differs':
      return note ?? ''
    case 'unchecked':
      return `could not be checked: ${note}`
  }
}
