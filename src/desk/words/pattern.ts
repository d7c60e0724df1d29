/** The alternatives of a regular expression: one a line or a comma, spaces within them kept as any white space. */
export function oneOf(list: string): string {
  const words = list.split(/[,\n]/u).flatMap((word) => word.trim() || [])
  return `(?:${words.map((word) => word.replace(/\s+/gu, '\\s+')).join('|')})`
}

/** A pattern of whole words, in any case; `~` before a word or group stands for “not after these”. */
export function wholeWords(source: string, flags = 'giu'): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, flags)
}
