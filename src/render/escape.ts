/**
 * Text as HTML text or as a double-quoted attribute. MJML reads with entities undecoded and
 * writes attributes as they are, so escaping once, here, is what every part needs. Control characters,
 * which HTML cannot hold, become U+FFFD.
 */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text without what no part can hold: control characters and lone surrogates are U+FFFD, line ends LF. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, '\ufffd')
}

/** `url` when it is http, https or mailto, written out in full; otherwise null. */
export function safeHref(url: string | null): string | null {
  if (url === null) return null
  try {
    const parsed = new URL(url)
    return allowed.has(parsed.protocol) ? parsed.href : null
  } catch {
    return null
  }
}

const allowed: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])
