import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A new key to sign with. */
export interface WrittenKey {
  /** The private key, PKCS 8 in PEM. */
  readonly file: string
  readonly publicKey: KeyObject
}

export function writeKey(folder: string, type: 'rsa' | 'ed25519'): WrittenKey {
  const { privateKey, publicKey } =
    type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ed25519')
  const file = join(folder, `${type}.pem`)
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return { file, publicKey }
}
