import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { openComposer } from '../../src/email/composer.ts'
import { createSigner, signedNames } from '../../src/email/dkim.ts'
import { parsePrivateKey, type DkimKey } from '../../src/email/dkim-key.ts'
import type { Recipient } from '../../src/email/edition.ts'
import type { Signer } from '../../src/email/signer.ts'
import { joined, partsOf, relaxed, signed, verdicts, type Parts } from './dkim-message.ts'
import { sampleEdition } from './sample-edition.ts'

const at = { domain: 'brief.test' } as const
const rsa: DkimKey = {
  ...at,
  algorithm: 'rsa',
  selector: 'n1',
  privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
}
const ed25519: DkimKey = {
  ...at,
  algorithm: 'ed25519',
  selector: 'e1',
  privateKey: generateKeyPairSync('ed25519').privateKey,
}
const setups: readonly (readonly [string, readonly DkimKey[]])[] = [
  ['RSA', [rsa]],
  ['Ed25519', [ed25519]],
  ['RSA and Ed25519', [rsa, ed25519]],
]

const reader: Recipient = {
  address: 'ada@reader.test',
  name: null,
  messageId: '<abc234@brief.test>',
  date: Date.UTC(2025, 10, 12),
  unsubscribeUrl: 'https://brief.test/u/ab12.cGF5bG9hZA.bWFj',
  subjectPrefix: '',
}

/** A message as the wire gets it, octets as latin1. */
async function composed(signer: Signer | null, edition = sampleEdition(), to = reader): Promise<string> {
  return (await openComposer(edition, signer).compose(to)).toString('latin1')
}

let message: Parts
beforeAll(async () => {
  message = partsOf(await composed(null))
})

describe.each(setups)('with %s', (_, keys) => {
  const signer = createSigner(keys)
  const failed = (results: readonly string[]): boolean =>
    results.length === keys.length && results.every((result) => result !== 'pass')

  test('an independent implementation verifies every signature', async () => {
    const { head, body } = partsOf(await composed(signer))
    expect(await verdicts(joined({ head, body }), keys)).toEqual(keys.map(() => 'pass'))
    const signatures = head.slice(0, keys.length).map((field) => field.replace(/\r\n\s/g, ' '))
    for (const [index, { algorithm, selector }] of keys.entries())
      expect(signatures[index]).toMatch(
        new RegExp(
          `^DKIM-Signature: v=1; a=${algorithm}-sha256; c=relaxed/relaxed; d=brief.test; s=${selector}; t=1762905600; bh=`,
        ),
      )
    expect(signatures.join('')).not.toMatch(/[; ]l=/)
    for (const signature of signatures)
      expect(/ h=([^;]*);/.exec(signature)?.[1]?.replaceAll(' ', '')).toBe(
        [
          'From:From:Reply-To:Reply-To:To:To:Subject:Subject:Date:Date:Message-ID:Message-ID',
          'List-Unsubscribe:List-Unsubscribe:List-Unsubscribe-Post:List-Unsubscribe-Post:List-Id:List-Id',
          'List-Help:List-Help:List-Archive:List-Archive:Feedback-ID:Feedback-ID',
          'MIME-Version:MIME-Version:Content-Type:Content-Type',
        ].join(':'),
      )
  })

  test('whatever subject, names and addresses hold, it passes, and over the same form as whole text has', async () => {
    const words = fc.string({ unit: fc.constantFrom(...'ab  .,"<>@=?\\-_äß“”中🗞'), maxLength: 120 })
    const cases = fc.record({
      subject: words.map((text) => `S${text}`),
      from: words,
      list: words,
      name: words,
      local: fc.constantFrom('ada', 'a.b+c', 'jörg', '邮件'),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ subject, from, list, name, local }) => {
        const plain = sampleEdition()
        const edition = sampleEdition({
          subject,
          envelope: {
            ...plain.envelope,
            from: { ...plain.envelope.from, name: from },
            listId: { ...plain.envelope.listId, name: list },
          },
        })
        const to = { ...reader, name, address: `${local}@reader.test` }
        const raw = await composed(signer, edition, to)
        expect(await verdicts(raw, keys)).toEqual(keys.map(() => 'pass'))
        const unsigned = partsOf(await composed(null, edition, to))
        expect(raw).toBe(joined(await signed(signer, unsigned)))
      }),
      { numRuns: 60 },
    )
  })

  test('a sender and a reply address beyond ASCII are written as they are signed', async () => {
    const { envelope } = sampleEdition()
    const from = { name: 'Jörg', address: 'jürgen@brief.test' }
    const edition = sampleEdition({ envelope: { ...envelope, from, replyTo: 'a+grüße?x@bücher.test' } })
    const { head, body } = partsOf(await composed(signer, edition))
    expect(await verdicts(joined({ head, body }), keys)).toEqual(keys.map(() => 'pass'))
    const text = Buffer.from(head.join('\r\n'), 'latin1').toString('utf8')
    expect(text).toContain('<jürgen@brief.test>')
    expect(text).toContain('<mailto:a%2Bgr%C3%BC%C3%9Fe%3Fx@xn--bcher-kva.test?subject=help>')
  })

  test('it fails when any covered field is touched, removed, or added once more above or below', async () => {
    const { head, body } = partsOf(await composed(signer))
    const present = new Set(message.head.map((field) => field.slice(0, field.indexOf(':')).toLowerCase()))
    expect(signedNames.filter((name) => !present.has(name.toLowerCase()))).toEqual([])
    const tampering = fc.record({
      name: fc.constantFrom(...signedNames),
      how: fc.constantFrom('touch', 'remove', 'above', 'below', 'twin'),
      place: fc.nat(),
      letter: fc.constantFrom('x', '%', '~'),
    })
    await fc.assert(
      fc.asyncProperty(tampering, async ({ name, how, place, letter }) => {
        const index = head.findIndex((field) => field.toLowerCase().startsWith(`${name.toLowerCase()}:`))
        const field = head[index] ?? ''
        const from = name.length + 2 + (place % (field.length - name.length - 4))
        const forged: Record<typeof how, readonly string[]> = {
          touch: head.with(index, field.slice(0, from) + letter + field.slice(from)),
          remove: head.toSpliced(index, 1),
          above: [...head.slice(0, keys.length), `${name}: forged\r\n`, ...head.slice(keys.length)],
          below: [...head, `${name}: forged\r\n`],
          twin: head.toSpliced(index, 0, field),
        }
        expect(failed(await verdicts(joined({ head: forged[how], body }), keys))).toBe(true)
      }),
      { numRuns: 250 },
    )
  })

  test('it fails when a byte of the body is touched', async () => {
    const { head, body } = partsOf(await composed(signer))
    await fc.assert(
      fc.asyncProperty(fc.nat(body.length - 3), fc.constantFrom('x', '%'), async (place, letter) => {
        const changed = body.slice(0, place) + letter + body.slice(place)
        expect(failed(await verdicts(joined({ head, body: changed }), keys))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  test('a field that the message lacks cannot be added', async () => {
    const bare = {
      head: message.head.filter((field) => !/^(Reply-To|List-Unsubscribe(-Post)?):/i.test(field)),
      body: message.body,
    }
    const { head, body } = await signed(signer, bare)
    expect(await verdicts(joined({ head, body }), keys)).toEqual(keys.map(() => 'pass'))
    for (const name of ['Reply-To', 'List-Unsubscribe', 'List-Unsubscribe-Post']) {
      const forged = joined({ head: [...head, `${name}: <https://elsewhere.test/>\r\n`], body })
      expect(failed(await verdicts(forged, keys))).toBe(true)
    }
  })

  test('the same inputs give the same octets; another time gives others', async () => {
    const { fields, bodyHash } = relaxed(message)
    const first = await signer.sign(fields, bodyHash, 1_762_905_600)
    expect(await createSigner(keys).sign(fields, bodyHash, 1_762_905_600)).toBe(first)
    expect(await signer.sign(fields, bodyHash, 1_762_905_601)).not.toBe(first)
  })

  test('no line is longer than 78, and maxLength is what the longest header takes', async () => {
    const { fields, bodyHash } = relaxed(message)
    const lines = (await signer.sign(fields, bodyHash, 1_762_905_600)).split('\r\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78)
    const all = [...fields, { name: 'content-transfer-encoding', relaxed: 'content-transfer-encoding:7bit' }]
    expect((await signer.sign(all, bodyHash, 999_999_999_999)).length).toBe(signer.maxLength)
    await fc.assert(
      fc.asyncProperty(fc.subarray(all), fc.nat(), async (some, time) => {
        const text = await signer.sign(some, bodyHash, time)
        expect(text.length).toBeLessThanOrEqual(signer.maxLength)
        expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
      }),
      { numRuns: 50 },
    )
  })
})

test('a transfer encoding is covered where it stands, and an address beyond ASCII by its UTF-8', async () => {
  const head = message.head
    .map((field) => (field.startsWith('To:') ? `To: ${latin1('jörg@bücher.test')}\r\n` : field))
    .concat('Content-Transfer-Encoding: 8bit\r\n')
  const whole = await signed(createSigner([rsa, ed25519]), { head, body: message.body })
  expect(await verdicts(joined(whole), [rsa, ed25519])).toEqual(['pass', 'pass'])
  const touched = joined(whole).replace('Encoding: 8bit', 'Encoding: 7bit')
  expect(await verdicts(touched, [rsa, ed25519])).not.toContain('pass')
})

test('a message with a field twice is not signed', async () => {
  const { fields, bodyHash } = relaxed(message)
  await expect(createSigner([ed25519]).sign([...fields, ...fields], bodyHash, 1)).rejects.toThrow(
    'the message has From twice',
  )
})

test('a key that cannot sign mail is refused with the command that makes one', () => {
  const pem = (key: { export(options: object): string | Buffer }, more: object = {}): string =>
    key.export({ type: 'pkcs8', format: 'pem', ...more }).toString()
  const reason = (algorithm: 'rsa' | 'ed25519', text: string): string => {
    const parsed = parsePrivateKey(algorithm, text)
    return parsed.ok ? 'good' : parsed.reason
  }
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const locked = { cipher: 'aes-256-cbc', passphrase: 'secret' }
  const cases = [
    ['rsa', pem(rsa.privateKey)],
    ['rsa', rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()],
    ['ed25519', pem(ed25519.privateKey)],
    ['rsa', pem(weak.privateKey)],
    ['rsa', pem(ed25519.privateKey)],
    ['ed25519', pem(rsa.privateKey)],
    ['rsa', pem(curve.privateKey)],
    ['rsa', curve.privateKey.export({ type: 'sec1', format: 'pem' }).toString()],
    ['rsa', pem(weak.publicKey, { type: 'spki' })],
    ['rsa', pem(rsa.privateKey, locked)],
    ['rsa', rsa.privateKey.export({ type: 'pkcs1', format: 'pem', ...locked }).toString()],
    ['ed25519', 'ssh-ed25519 AAAA'],
    ['rsa', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['rsa', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['rsa', ''],
  ] as const
  expect(cases.map(([algorithm, text]) => reason(algorithm, text))).toMatchInlineSnapshot(`
    [
      "good",
      "good",
      "good",
      "holds an RSA key of 1024 bits, too weak: mailbox providers ask for 2048; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "holds a key of type Ed25519, where RSA is asked for; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "holds a key of type RSA, where Ed25519 is asked for; “openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem” makes a right one",
      "holds a key of type EC, where RSA is asked for; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "holds a key of type EC, where RSA is asked for; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "holds a public key, and signing takes the private one; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "is encrypted with a passphrase, and a send has nobody to ask for it; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "is encrypted with a passphrase, and a send has nobody to ask for it; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "is not a key in PEM (it has no line -----BEGIN PRIVATE KEY-----); “openssl genpkey -algorithm ed25519 -out dkim-ed25519.pem” makes a right one",
      "holds a “CERTIFICATE” and no private key; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "is damaged: no private key can be read from it; “openssl genrsa -out dkim.pem 2048” makes a right one",
      "is not a key in PEM (it has no line -----BEGIN PRIVATE KEY-----); “openssl genrsa -out dkim.pem 2048” makes a right one",
    ]
  `)
})

function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}
