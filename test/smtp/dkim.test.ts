import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { expect, test } from 'vitest'
import { composeMessage } from '../../src/email/compose.ts'
import { createSigner, signedHeaders } from '../../src/smtp/dkim.ts'
import { sampleEdition } from '../email/sample-edition.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`
const key = {
  domain: 'brief.test',
  selector: 'n1',
  privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
}

async function signed(): Promise<string> {
  const raw = await composeMessage(sampleEdition(), {
    address: 'ada@reader.test',
    messageId: '<abc234@brief.test>',
    date: Date.UTC(2025, 10, 12),
    unsubscribeUrl: 'https://brief.test/u/ab12.cGF5bG9hZA.bWFj',
    subjectPrefix: '',
  })
  return (await createSigner(key)(raw)).toString('latin1')
}

async function verify(message: string) {
  const { results } = await dkimVerify(Buffer.from(message, 'latin1'), {
    resolver: async (name: string) => {
      expect(name).toBe('n1._domainkey.brief.test')
      return [[record]]
    },
  })
  return results[0]
}

test('an independent implementation verifies the signature, aligned with From and over the whole body', async () => {
  const message = await signed()
  const result = await verify(message)
  expect(result?.status).toMatchObject({ result: 'pass', aligned: 'brief.test' })
  expect(message).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=brief\.test;/)
  expect(message.slice(0, message.indexOf(' b='))).not.toMatch(/[; ]l=/)
})

test.each(signedHeaders)('the signature fails when %s is touched', async (name) => {
  const message = await signed()
  const header = new RegExp(`^(${name}:)(.*)$`, 'im')
  const body = message.indexOf('\r\nFrom:')
  const touched = message.slice(0, body) + message.slice(body).replace(header, '$1 touched $2')
  expect(touched).not.toBe(message)
  expect((await verify(touched))?.status.result).not.toBe('pass')
})

test('the signature fails when the body is touched', async () => {
  const message = await signed()
  expect((await verify(message.replace('a dot begins', 'a dot ends')))?.status.result).not.toBe('pass')
})

test('a key that nodemailer would leave mail unsigned with is refused', () => {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(() => createSigner({ ...key, privateKey: pem })).toThrow(/type ed25519; DKIM needs RSA/)
  expect(() => createSigner({ ...key, privateKey: 'not a key' })).toThrow(/not a private key in PEM/)
  expect(() => createSigner({ ...key, privateKey: 'not a key', file: '/etc/onrecord/dkim.pem' })).toThrow(
    expect.objectContaining({
      message: 'DKIM_KEY_FILE, /etc/onrecord/dkim.pem, is not a private key in PEM.',
      hint: expect.stringMatching(/openssl genrsa/),
    }),
  )
})
