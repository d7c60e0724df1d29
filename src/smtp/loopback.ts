import { isIP } from 'node:net'

/** Whether mail to this server cannot leave the machine. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true
  const version = isIP(host)
  return (version === 4 && host.startsWith('127.')) || (version === 6 && /^(0*:)*0*1$/.test(host))
}
