import { connect, type Socket } from 'node:net'
import { SmtpFailure } from './outcome.ts'

/** Where to, and how long to try. */
export interface Dialling {
  readonly host: string
  readonly port: number
  /** Milliseconds. */
  readonly timeout: number
  readonly aborted: AbortSignal
}

/**
 * A TCP connection without Nagle's delay: a message is one write.
 * @throws SmtpFailure
 */
export function dial({ host, port, timeout, aborted }: Dialling): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    const done = (trouble: string | null): void => {
      clearTimeout(timer)
      aborted.removeEventListener('abort', abort)
      socket.off('error', onError)
      socket.off('connect', onConnect)
      if (trouble === null) return resolve(socket)
      socket.on('error', () => undefined)
      socket.destroy()
      reject(new SmtpFailure({ stage: 'connect', reply: null, message: trouble }))
    }
    const onError = (error: NodeJS.ErrnoException): void => done(reason(error, host, port))
    const onConnect = (): void => done(null)
    const abort = (): void => done('the connection was closed')
    const timer = setTimeout(
      () => done(`${host}:${port} did not answer within ${timeout / 1_000} seconds`),
      timeout,
    )
    socket.on('error', onError)
    socket.on('connect', onConnect)
    aborted.addEventListener('abort', abort)
    if (aborted.aborted) abort()
  })
}

function reason(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host ${host} in the DNS now: check SMTP_URL`
    case 'ECONNREFUSED':
      return `no server listens at ${host}:${port}: check SMTP_URL`
    default:
      return `${host}:${port} cannot be reached: ${error.message}`
  }
}
