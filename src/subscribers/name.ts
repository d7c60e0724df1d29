/** A person's name fit for a header, null for none, or in plain words why it is refused. */
export type ParsedName =
  | { readonly ok: true; readonly value: string | null }
  | { readonly ok: false; readonly reason: string }

const MAX_NAME = 200

/** Line breaks and controls would split a header; these bidi controls would reorder what follows. */
const forbidden = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

/** Reads a name: NFC, runs of spaces made one. Joiners, which some scripts need, stay. */
export function parseName(text: string): ParsedName {
  if (text.length > 10 * MAX_NAME) return { ok: false, reason: `is longer than ${MAX_NAME} characters` }
  const name = text
    .normalize('NFC')
    .replace(/[\p{Zs}]+/gu, ' ')
    .replace(/^ | $/g, '')
  if (forbidden.test(name)) return { ok: false, reason: 'holds a line break or a control character' }
  if (name.length > MAX_NAME) return { ok: false, reason: `is longer than ${MAX_NAME} characters` }
  return { ok: true, value: name === '' ? null : name }
}
