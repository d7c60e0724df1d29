import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf } from './core/errors.ts'
import { keyRecipes, parsePrivateKey, type DkimAlgorithm, type DkimKey } from './email/dkim-key.ts'
import { domainName, selectorName } from './setting-values.ts'
import type { SettingName } from './settings.ts'

/** A setting that is wrong; `should` follows its name. */
export interface SettingProblem {
  readonly name: SettingName
  readonly should: string
}

/** The settings of one key. */
interface Pair {
  readonly algorithm: DkimAlgorithm
  readonly selector: SettingName
  readonly file: SettingName
}

const pairs: readonly Pair[] = [
  { algorithm: 'rsa', selector: 'DKIM_SELECTOR', file: 'DKIM_KEY_FILE' },
  { algorithm: 'ed25519', selector: 'DKIM_ED25519_SELECTOR', file: 'DKIM_ED25519_KEY_FILE' },
]

/**
 * The keys that mail is signed with, none where none is set. Whatever is set and cannot sign, or
 * would not count for `fromAddress` (RFC 7489 §3.1.1), is a problem: nothing goes out unsigned in silence.
 */
export function readDkim(
  get: (name: SettingName) => string,
  fromAddress: string,
  root: string,
): { readonly keys: readonly DkimKey[]; readonly problems: readonly SettingProblem[] } {
  const problems: SettingProblem[] = []
  const domain = readDomain(get('DKIM_DOMAIN'), fromAddress, problems)
  const keys = pairs.flatMap((pair) => readKey(pair, get, domain, root, problems))
  if (get('DKIM_DOMAIN') !== '' && pairs.every(({ selector, file }) => get(selector) + get(file) === ''))
    problems.push({ name: 'DKIM_DOMAIN', should: 'needs DKIM_SELECTOR and DKIM_KEY_FILE' })
  const [one, two] = keys
  if (one !== undefined && one.selector === two?.selector)
    problems.push({
      name: 'DKIM_ED25519_SELECTOR',
      should: 'must be another than DKIM_SELECTOR: a selector names one key',
    })
  return { keys, problems }
}

/** Of `d=`; null where it is not set, or is a problem. */
function readDomain(text: string, fromAddress: string, problems: SettingProblem[]): string | null {
  if (text === '') return null
  const domain = domainName(text)
  const from = domainName(fromAddress.slice(fromAddress.lastIndexOf('@') + 1)) ?? ''
  if (domain === null) {
    problems.push({ name: 'DKIM_DOMAIN', should: 'must be a domain such as example.org' })
    return null
  }
  if (domain === from || from.endsWith(`.${domain}`)) return domain
  problems.push({
    name: 'DKIM_DOMAIN',
    should: `must be ${from}, the domain of “from” in onrecord.yaml, or one above it: no other signature counts for DMARC`,
  })
  return null
}

function readKey(
  { algorithm, selector, file }: Pair,
  get: (name: SettingName) => string,
  domain: string | null,
  root: string,
  problems: SettingProblem[],
): readonly DkimKey[] {
  if (get(selector) === '' && get(file) === '') return []
  const before = problems.length
  const missing = ([selector, file, 'DKIM_DOMAIN'] as const).filter((name) => get(name) === '')
  if (missing.length > 0)
    problems.push({
      name: get(selector) === '' ? file : selector,
      should: `needs ${missing.join(' and ')} as well`,
    })
  const name = selectorName(get(selector))
  if (get(selector) !== '' && name === null)
    problems.push({ name: selector, should: 'must be letters, digits, hyphens and dots, such as mail2026' })
  const path = resolve(root, get(file))
  const parsed = get(file) === '' ? null : readKeyFile(algorithm, path)
  if (parsed !== null && !parsed.ok) problems.push({ name: file, should: `${parsed.reason}` })
  if (problems.length > before || domain === null || name === null || !parsed?.ok) return []
  return [{ algorithm, domain, selector: name, privateKey: parsed.key }]
}

function readKeyFile(algorithm: DkimAlgorithm, path: string): ReturnType<typeof parsePrivateKey> {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const reason = missing
      ? `names no file: there is no ${path}; “${keyRecipes[algorithm]}” makes one`
      : `cannot be read: ${messageOf(error)}`
    return { ok: false, reason }
  }
  const parsed = parsePrivateKey(algorithm, pem)
  return parsed.ok ? parsed : { ok: false, reason: `(${path}) ${parsed.reason}` }
}
