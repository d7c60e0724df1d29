import { createPrivateKey } from 'node:crypto'
import DKIM from 'nodemailer/lib/dkim'
import { OnrecordError } from '../core/errors.ts'

/** Whose signature mail carries. */
export interface DkimKey {
  readonly domain: string
  readonly selector: string
  /** PEM, RSA of 1024 bits or more (RFC 8301). */
  readonly privateKey: string
  /** Where it was read from, for messages about it. */
  readonly file?: string
}

/** Signs one message: the bytes with a DKIM-Signature before them. */
export type Signer = (raw: Buffer) => Promise<Buffer>

/** What a signature covers, where the message has it; RFC 8058 §4 asks for the pair at the end. */
export const signedHeaders = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Id',
  'List-Help',
  'List-Archive',
  'Feedback-ID',
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
] as const

/**
 * A signer: rsa-sha256, relaxed/relaxed, no `l=` (RFC 6376).
 * @throws OnrecordError `config` for a key that is not RSA: nodemailer would send unsigned, in silence
 */
export function createSigner(key: DkimKey): Signer {
  checkKey(key)
  const dkim = new DKIM({
    keys: [{ domainName: key.domain, keySelector: key.selector, privateKey: key.privateKey }],
    headerFieldNames: signedHeaders.join(':'),
  })
  return async (raw) => {
    const chunks: Buffer[] = []
    for await (const chunk of dkim.sign(raw)) chunks.push(chunk as Buffer)
    const signed = Buffer.concat(chunks)
    if (signed.subarray(0, 15).toString('latin1').toLowerCase() !== 'dkim-signature:')
      throw new OnrecordError('config', 'The message could not be signed with DKIM.', {
        hint: 'check DKIM_KEY_FILE; nothing is sent unsigned',
      })
    return signed
  }
}

function checkKey({ privateKey, file }: DkimKey): void {
  const named = file === undefined ? 'DKIM_KEY_FILE' : `DKIM_KEY_FILE, ${file},`
  const hint = '“openssl genrsa -out dkim.pem 2048” makes one; its public half goes into the DNS'
  let kind: string | undefined
  try {
    kind = createPrivateKey(privateKey).asymmetricKeyType
  } catch (error) {
    throw new OnrecordError('config', `${named} is not a private key in PEM.`, { cause: error, hint })
  }
  if (kind === 'rsa') return
  throw new OnrecordError(
    'config',
    `${named} holds a key of type ${kind ?? 'unknown'}; DKIM needs RSA here.`,
    { hint },
  )
}
