/** What a statement is given: arrays and JSON go as text. */
export type Value = string | number | boolean | null | readonly (string | number)[]

/** PostgreSQL holds every text but those with a NUL, which nobody writes on purpose. */
export function sendable(value: Value): unknown {
  if (typeof value === 'string') return withoutNul(value)
  return Array.isArray(value)
    ? value.map((each) => (typeof each === 'string' ? withoutNul(each) : each))
    : value
}

/** As JSON that PostgreSQL can turn into text: without NUL, and without halves of a character. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\\ufffd')
}

function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text
}
