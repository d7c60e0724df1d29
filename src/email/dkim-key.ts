import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

export type DkimAlgorithm = 'rsa' | 'ed25519'

/** A key that signs mail, loaded. */
export interface DkimKey {
  readonly algorithm: DkimAlgorithm
  /** `d=`: the domain of From, or one above it. */
  readonly domain: string
  /** `s=`: its public half is published at `<selector>._domainkey.<domain>`. */
  readonly selector: string
  readonly privateKey: KeyObject
}

/** A private key, or in plain words why there is none: a predicate that follows the file's name. */
export type ParsedKey =
  | { readonly ok: true; readonly key: KeyObject }
  | { readonly ok: false; readonly reason: string }

/** RFC 8301 §3.2 asks for 1024 and advises 2048; large providers no longer trust less. */
const LEAST_BITS = 2048
/** RFC 8301 §3.2: no verifier need know more. */
const MOST_BITS = 4096

/** The command that makes a right key; its public half goes into the DNS. */
export const keyRecipes: Readonly<Record<DkimAlgorithm, string>> = {
  rsa: 'openssl genrsa -out dkim.pem 2048',
  ed25519: 'openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem',
}

/** Reads a private key in PEM (PKCS #8 or PKCS #1) that can sign mail with `algorithm`. */
export function parsePrivateKey(algorithm: DkimAlgorithm, pem: string): ParsedKey {
  const refuse = (what: string): ParsedKey => ({
    ok: false,
    reason: `${what}; “${keyRecipes[algorithm]}” makes a right one`,
  })
  const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] ?? null
  if (label === null) return refuse('is not a key in PEM (it has no line -----BEGIN PRIVATE KEY-----)')
  if (label.endsWith('PUBLIC KEY')) return refuse('holds a public key, and signing takes the private one')
  if (!label.endsWith('PRIVATE KEY')) return refuse(`holds a “${label}” and no private key`)
  if (label.startsWith('ENCRYPTED') || /^Proc-Type:.*ENCRYPTED/m.test(pem))
    return refuse('is encrypted with a passphrase, and a send has nobody to ask for it')
  if (label.startsWith('OPENSSH')) return refuse('is a key of OpenSSH’s own form')
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    return refuse('is damaged: no private key can be read from it')
  }
  const type = key.asymmetricKeyType
  if (type !== algorithm)
    return refuse(`holds a key of type ${names[type ?? ''] ?? type}, where ${names[algorithm]} is asked for`)
  if (algorithm === 'rsa') {
    const bits = bitsOf(key) ?? 0
    if (bits < LEAST_BITS)
      return refuse(`holds an RSA key of ${bits} bits, too weak: mailbox providers ask for ${LEAST_BITS}`)
    if (bits > MOST_BITS)
      return refuse(`holds an RSA key of ${bits} bits; nobody need verify more than ${MOST_BITS} (RFC 8301)`)
  }
  return { ok: true, key }
}

/** Of an RSA key; null of others. */
export function bitsOf(key: KeyObject): number | null {
  return key.asymmetricKeyDetails?.modulusLength ?? null
}

/** `p=` of the key's DNS record, base64: SubjectPublicKeyInfo for RSA, the 32 octets for Ed25519 (RFC 8463 §4.2). */
export function publicKeyText({ algorithm, privateKey }: DkimKey): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return (algorithm === 'rsa' ? spki : spki.subarray(-32)).toString('base64')
}

/** A short name of the key itself, whatever its selector. */
export function fingerprint(key: DkimKey): string {
  return createHash('sha256').update(publicKeyText(key)).digest('hex').slice(0, 12)
}

const names: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  x25519: 'X25519',
  dsa: 'DSA',
}
