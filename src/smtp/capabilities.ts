import type { Reply } from './reply.ts'

/** What a server said it can do, in its answer to EHLO. */
export interface Capabilities {
  readonly pipelining: boolean
  readonly eightBitMime: boolean
  readonly smtpUtf8: boolean
  readonly dsn: boolean
  readonly startTls: boolean
  /** RFC 1870. */
  readonly size: boolean
  /** Octets; null where it names no limit. */
  readonly largest: number | null
  /** Upper case: PLAIN, LOGIN … */
  readonly auth: readonly string[]
}

/** Those of a server that only knows HELO. */
export const noCapabilities: Capabilities = {
  pipelining: false,
  eightBitMime: false,
  smtpUtf8: false,
  dsn: false,
  startTls: false,
  size: false,
  largest: null,
  auth: [],
}

/** Reads the answer to EHLO (RFC 5321 §4.1.1.1). */
export function readCapabilities({ text }: Reply): Capabilities {
  const words = new Map<string, readonly string[]>()
  // The first line is the greeting. An old form of AUTH has an equals sign.
  for (const line of text.split('\n').slice(1)) {
    const [name = '', ...values] = line
      .slice(4)
      .trim()
      .toUpperCase()
      .replace(/^AUTH=/, 'AUTH ')
      .split(/\s+/)
    words.set(name, [...(words.get(name) ?? []), ...values])
  }
  const largest = Number(words.get('SIZE')?.[0] ?? 0)
  return {
    pipelining: words.has('PIPELINING'),
    eightBitMime: words.has('8BITMIME'),
    smtpUtf8: words.has('SMTPUTF8'),
    dsn: words.has('DSN'),
    startTls: words.has('STARTTLS'),
    size: words.has('SIZE'),
    largest: Number.isSafeInteger(largest) && largest > 0 ? largest : null,
    auth: words.get('AUTH') ?? [],
  }
}
