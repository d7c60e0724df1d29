/** The alternatives of a regular expression, parted by a comma and a space or by a line; a space in one is any white space. */
export function oneOf(list: string): string {
  const words = list
    .split(/,\s+|\n/u)
    .map((word) => word.trim())
    .filter((word) => word !== '')
  return `(?:${words.map((word) => word.replace(/\s+/gu, '\\s+')).join('|')})`
}

/** A pattern that begins and ends where words do; in any case unless `flags` says otherwise. */
export function wholeWords(source: string, flags = 'giu'): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`, flags)
}
