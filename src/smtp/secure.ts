import { isIP, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { SmtpFailure, type Failure } from './outcome.ts'

export interface Securing {
  /** Whose certificate it must be. */
  readonly host: string
  /** Milliseconds. */
  readonly timeout: number
  /** PEM; trusted instead of the certificates that Node trusts. */
  readonly ca?: string
  readonly aborted: AbortSignal
}

/**
 * TLS over a socket, 1.2 or newer; the certificate must be valid, trusted and of this host (RFC 8314 §4).
 * @throws SmtpFailure, which refuses us for good where trying again would not help
 */
export function secure(socket: Socket, { host, timeout, ca, aborted }: Securing): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      // RFC 6066 §3: an address is no server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: 'TLSv1.2',
      ...(ca === undefined ? {} : { ca }),
    })
    const done = (failure: Failure | null): void => {
      clearTimeout(timer)
      aborted.removeEventListener('abort', abort)
      secured.off('secureConnect', onSecure).off('error', onError).off('close', onClose)
      if (failure === null) return resolve(secured)
      secured.on('error', () => undefined)
      secured.destroy()
      socket.destroy()
      reject(new SmtpFailure(failure))
    }
    const lost = (message: string): void => done({ stage: 'tls', reply: null, message })
    const onSecure = (): void => done(null)
    const onError = (error: NodeJS.ErrnoException): void => done(tlsFailure(error, host))
    const onClose = (): void => lost('the server closed the connection in the TLS handshake')
    const abort = (): void => lost('the connection was closed')
    const timer = setTimeout(
      () => lost(`the TLS handshake was not done after ${timeout / 1_000} seconds`),
      timeout,
    )
    secured.on('secureConnect', onSecure).on('error', onError).on('close', onClose)
    aborted.addEventListener('abort', abort)
  })
}

/** What went wrong with TLS, and what to do about it. */
function tlsFailure(error: NodeJS.ErrnoException, host: string): Failure {
  const { code = '', message } = error
  const fatal = (text: string): Failure => ({ stage: 'tls', reply: null, message: text, refusal: 'fatal' })
  if (/wrong version number|packet length too long|http request/i.test(message))
    return fatal(
      `${host} did not answer in TLS: smtps:// is for a port that begins with TLS (465), smtp:// for others (587, 25); SMTP_TLS=off does without`,
    )
  if (/unsupported protocol|protocol version|no shared cipher|handshake failure/i.test(message))
    return fatal(`${host} speaks no TLS that is safe, 1.2 or newer: ask who runs it (${message})`)
  // Anything else of the handshake or the network may be better the next time.
  if (/^(ERR_SSL_|EPROTO|EPIPE|ECONN|ETIMEDOUT|EHOST|ENET)/.test(code))
    return { stage: 'tls', reply: null, message: `the TLS handshake with ${host} failed: ${message}` }
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return fatal(`the certificate of ${host} is for another name: set that name in SMTP_URL (${message})`)
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return fatal(`the certificate of ${host} is not valid today (${message}): ask who runs it to renew it`)
    default:
      return fatal(
        `the certificate of ${host} is not trusted (${message}): name the file of its authority in NODE_EXTRA_CA_CERTS, or ask who runs the server`,
      )
  }
}
