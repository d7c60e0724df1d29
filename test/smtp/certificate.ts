import { createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

/** A certificate and its key, PEM; `key` signs others. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

export interface CertificateRequest {
  readonly name: string
  /** Names and IPv4 addresses it is for; none: an authority. */
  readonly hosts?: readonly string[]
  /** Days from now. */
  readonly until?: number
  /** Who signs it; default: itself. */
  readonly issuer?: { readonly name: string; readonly key: string }
}

const DAY = 24 * 60 * 60_000

/** An X.509 certificate (RFC 5280), made here so that no test needs a tool or a key in the repository. */
export function makeCertificate({ name, hosts, until = 30, issuer }: CertificateRequest): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const now = Date.now()
  const extensions =
    hosts === undefined
      ? extension('2.5.29.19', true, sequence(der(0x01, Buffer.from([0xff]))))
      : extension('2.5.29.17', false, sequence(...hosts.map(generalName)))
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    distinguished(issuer?.name ?? name),
    sequence(time(now + (until - 60) * DAY), time(now + until * DAY)),
    distinguished(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extensions)),
  )
  const signature = createSign('SHA256')
    .update(body)
    .sign(issuer?.key ?? privateKey)
  const certificate = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature))
  return { cert: pem(certificate), key: exported(privateKey) }
}

function exported(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts)
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const octets = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let left = arc >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    octets.push(...groups)
  }
  return der(0x06, Buffer.from(octets))
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

function distinguished(name: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(name)))))
}

function time(at: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : []
  return sequence(oid(id), ...flag, der(0x04, value))
}

function generalName(host: string): Buffer {
  return /^[\d.]+$/.test(host)
    ? der(0x87, Buffer.from(host.split('.').map(Number)))
    : der(0x82, Buffer.from(host))
}
