import { generateKeyPairSync } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { expect, test } from 'vitest'
import { openComposer } from '../../src/email/composer.ts'
import { createSigner } from '../../src/email/dkim.ts'
import { choiceMarks, slotMark } from '../../src/render/slots.ts'
import { sampleEdition } from './sample-edition.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed = generateKeyPairSync('ed25519')
const der = (key: typeof rsa.publicKey): Buffer => key.export({ type: 'spki', format: 'der' })
const records: Readonly<Record<string, string>> = {
  'r._domainkey.brief.test': `v=DKIM1; k=rsa; p=${der(rsa.publicKey).toString('base64')}`,
  // RFC 8463 §4: the key alone.
  'e._domainkey.brief.test': `v=DKIM1; k=ed25519; p=${der(ed.publicKey).subarray(-32).toString('base64')}`,
}
const signer = createSigner([
  { algorithm: 'rsa', domain: 'brief.test', selector: 'r', privateKey: rsa.privateKey },
  { algorithm: 'ed25519', domain: 'brief.test', selector: 'e', privateKey: ed.privateKey },
])

const composer = openComposer(
  sampleEdition({
    subject: 'Two  spaces, a “quotation” and  more of it than one line of a header can hold at once',
    text: `${choiceMarks('name', `Dear ${slotMark('name')}`, '')}   three spaces \n\t a tab\n.\n\n\nFrom here\n\n\n`,
  }),
  signer,
)

test.each([
  ['of no name', 'ada@reader.test', null, ''],
  ['in a test message', 'ada@reader.test', 'Ada', '[Test] '],
  ['with quotes and comments', 'o_brien+x@reader.test', '"Ada" (Countess), Eve', ''],
  ['of 300 characters', 'ada@reader.test', 'n '.repeat(150).trim(), ''],
  ['outside of ASCII', 'jörg@jõgeva.test', 'Jörg 用 💌  x', ''],
])(
  'an independent implementation verifies both signatures for a reader %s',
  async (_, address, name, prefix) => {
    const person = {
      address,
      name,
      messageId: '<a@brief.test>',
      date: 1_763_000_000_999,
      subjectPrefix: prefix,
    }
    const raw = await composer.compose({ ...person, unsubscribeUrl: 'https://brief.test/u/a?b=c' })
    const { results } = await dkimVerify(raw, { resolver: async (host: string) => [[records[host] ?? '']] })
    expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass'])
    const inPlain = { ...person, format: 'text', unsubscribeUrl: 'https://brief.test/u/a?b=c' } as const
    const plain = await dkimVerify(await composer.compose(inPlain), {
      resolver: async (host: string) => [[records[host] ?? '']],
    })
    expect(plain.results.map(({ status }) => status.result)).toEqual(['pass', 'pass'])
    const again = await composer.compose({ ...person, unsubscribeUrl: 'https://brief.test/u/a?b=c' })
    expect(again.equals(raw)).toBe(true)
    expect(raw.toString('latin1').match(/ t=1763000000;/g)).toHaveLength(2)
  },
)
