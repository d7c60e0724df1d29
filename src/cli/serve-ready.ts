import type { Config } from '../config.ts'
import { OnrecordError } from '../core/errors.ts'
import { isLocalUrl } from '../setting-values.ts'

/** What to say before serving a public site whose letters would reach nobody; null: a server takes them. */
export function mailsNobody({ baseUrl, smtp }: Pick<Config, 'baseUrl' | 'smtp'>): string | null {
  if (smtp !== null || isLocalUrl(baseUrl)) return null
  return 'SMTP_URL is not set: confirmations and log-in links go to the outbox, and reach nobody. Set SMTP_URL=smtps://user:password@host:465'
}

/**
 * Refuses to serve what readers elsewhere could reach before it is safe: links in mail carry tokens, which
 * http would show to everybody on the way, and a key that was made by the way is lost with its folder.
 * @throws OnrecordError `config` that says how to get each
 */
export function refuseUnsafe(config: Pick<Config, 'baseUrl' | 'hasOwnSecret' | 'publication'>): void {
  const url = new URL(config.baseUrl)
  const problems: string[] = []
  if (url.pathname !== '/') {
    problems.push(
      `BASE_URL is ${config.baseUrl}: the site takes a host name of its own, not a path below one.\n` +
        `  Give it a name such as https://${Object.keys(config.publication.newsletters)[0] ?? 'brief'}.${url.hostname}`,
    )
  }
  if (!isLocalUrl(config.baseUrl)) {
    if (url.protocol !== 'https:') {
      problems.push(
        `BASE_URL is ${config.baseUrl}: a public site needs https.\n` +
          '  Caddy gets a certificate by itself; docs/hosting.md shows its three lines, and those of nginx',
      )
    }
    if (!config.hasOwnSecret) {
      problems.push(
        `SECRET_KEY is not set: at ${config.baseUrl} it signs the links in everybody’s mail.\n` +
          '  Put the line that data/secret.key holds into .env as SECRET_KEY=…; of a new publication,\n' +
          '  “openssl rand -hex 32” makes one',
      )
    }
  }
  if (problems.length === 0) return
  throw new OnrecordError('config', problems.join('\n'), {
    hint: 'to look at the site on this machine alone, set BASE_URL=http://localhost:4870',
  })
}
