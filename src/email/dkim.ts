import { hash, sign as signOnce } from 'node:crypto'
import { bitsOf, fingerprint, type DkimKey } from './dkim-key.ts'
import type { SignedField, Signer } from './signer.ts'

/**
 * The header fields that a signature covers, in the order of its `h=`. Each is named once more than
 * it occurs (RFC 6376 §8.15), so that one that is added breaks the signature, and so does one
 * that was not there at all. RFC 8058 §4 asks for the List-Unsubscribe pair.
 */
export const signedNames = [
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Id',
  'List-Help',
  'List-Archive',
  'Feedback-ID',
  'MIME-Version',
  'Content-Type',
] as const

/** Covered where it stands: a relay may add it to a message of several parts (RFC 2045 §6.4). */
const whereItStands = ['Content-Transfer-Encoding'] as const

const NAME = 'DKIM-Signature: '

/** RFC 5322 §2.1.1, without the line end. */
const LINE = 78

/** `t=` as long as RFC 6376 §3.5 lets it become. */
const LAST_TIME = 999_999_999_999

/**
 * Signs with every key, each on its own: rsa-sha256 (RFC 6376) and ed25519-sha256 (RFC 8463),
 * relaxed/relaxed, no `l=`. The same key and inputs give the same octets. Keys work in the thread pool.
 */
export function createSigner(keys: readonly DkimKey[]): Signer {
  const layout = rememberLayout()
  const openings = keys.map((key) => ({ key, opening: openingOf(key) }))
  return {
    keyId: keys.map((key) => `${key.selector}:${fingerprint(key)}`).join(','),
    maxLength: keys.reduce((sum, key) => sum + longest(key), 0),
    async sign(fields, bodyHash, time) {
      const { indexes, names } = layout(fields)
      let covered = ''
      for (const index of indexes) covered += `${fields[index]?.relaxed}\r\n`
      const tail = `t=${time}; bh=${bodyHash.toString('base64')}`
      const headers = openings.map(({ key, opening }) =>
        signWith(key, unsignedHeader(opening, names, tail), covered),
      )
      return (await Promise.all(headers)).join('')
    },
  }
}

/** The header `unsigned` with its signature and its line end. */
function signWith(key: DkimKey, unsigned: string, covered: string): Promise<string> {
  // RFC 6376 §3.4.2, which for a header of ours is to unfold it; the last line has no line end.
  const relaxed = `dkim-signature:${unsigned.slice(NAME.length).replaceAll('\r\n ', ' ')}`
  const input = Buffer.from(covered + relaxed, 'utf8')
  // RFC 8463 §3: what an Ed25519 key signs is the hash.
  const [digest, data] = key.algorithm === 'rsa' ? ['sha256', input] : [null, hash('sha256', input, 'buffer')]
  return new Promise((resolve, reject) => {
    signOnce(digest, data, key.privateKey, (error, signature) => {
      if (error === null) resolve(finished(unsigned, signature))
      else reject(error)
    })
  })
}

/** The header up to what depends on the message. */
function openingOf({ algorithm, domain, selector }: DkimKey): string {
  const tags = ['v=1;', ` a=${algorithm}-sha256;`, ' c=relaxed/relaxed;', ` d=${domain};`, ` s=${selector};`]
  return NAME + fold(tags, NAME.length)
}

/** The header up to its `b=`. */
function unsignedHeader(opening: string, names: string, tail: string): string {
  return `${opening}\r\n ${tail};\r\n ${names}\r\n b=`
}

function finished(unsigned: string, octets: Buffer): string {
  const signature = octets.toString('base64')
  const first = LINE - ' b='.length
  let text = unsigned + signature.slice(0, first)
  for (let at = first; at < signature.length; at += LINE - 1)
    text += `\r\n ${signature.slice(at, at + LINE - 1)}`
  return `${text}\r\n`
}

/** Puts pieces one after another on lines that fit; a line may be broken before any of them. */
function fold(pieces: readonly string[], begun: number): string {
  let text = ''
  let column = begun
  for (const piece of pieces) {
    if (column > begun && column + piece.length > LINE) {
      const rest = piece.trimStart()
      text += `\r\n ${rest}`
      column = 1 + rest.length
    } else {
      text += piece
      column += piece.length
    }
  }
  return text
}

interface Layout {
  /** Of the fields in the order they are signed. */
  readonly indexes: readonly number[]
  /** `h=…;`, folded. */
  readonly names: string
}

/** Which fields are signed and what `h=` says of them; worked out again only when the names are others. */
function rememberLayout(): (fields: readonly SignedField[]) => Layout {
  let known: Layout & { readonly of: readonly string[] } = { of: [], ...layoutOf([]) }
  return (fields) => {
    const same = known.of.length === fields.length && fields.every(({ name }, at) => name === known.of[at])
    if (!same) {
      const of = fields.map(({ name }) => name)
      known = { of, ...layoutOf(of) }
    }
    return known
  }
}

function layoutOf(present: readonly string[]): Layout {
  const indexes: number[] = []
  const listed: string[] = []
  for (const name of [...signedNames, ...whereItStands]) {
    const at = present.indexOf(name.toLowerCase())
    // RFC 5322 §3.6, RFC 2369 §3.4: none of them may stand twice.
    if (at !== present.lastIndexOf(name.toLowerCase())) throw new Error(`the message has ${name} twice`)
    if (at !== -1) {
      indexes.push(at)
      listed.push(name)
    }
    if (at !== -1 || (signedNames as readonly string[]).includes(name)) listed.push(name)
  }
  return { indexes, names: foldNames(listed) }
}

function foldNames(listed: readonly string[]): string {
  return fold(['h=', ...listed.map((name, at) => (at === listed.length - 1 ? `${name};` : `${name}:`))], 1)
}

/** Octets of the longest header that the key can make. */
function longest(key: DkimKey): number {
  const everything = layoutOf([...signedNames, ...whereItStands].map((name) => name.toLowerCase()))
  const tail = `t=${LAST_TIME}; bh=${Buffer.alloc(32).toString('base64')}`
  const octets = key.algorithm === 'rsa' ? Math.ceil((bitsOf(key.privateKey) ?? 0) / 8) : 64
  return Buffer.byteLength(
    finished(unsignedHeader(openingOf(key), everything.names, tail), Buffer.alloc(octets)),
  )
}
