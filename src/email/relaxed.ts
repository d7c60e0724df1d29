import type { SignedField } from './signer.ts'

/** A header field, folded or not, in relaxed form (RFC 6376 §3.4.2). */
export function relaxedField(field: string): SignedField {
  const colon = field.indexOf(':')
  const name = field.slice(0, colon).trim().toLowerCase()
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '')
  return { name, relaxed: `${name}:${value}` }
}
