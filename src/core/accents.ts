/** Letters that are written with a stroke or joined have no accent that could be taken off (Unicode, NFD). */
const joined: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ı', 'i'],
])

/** Letters as somebody types them who has no key for their accents. @param lower in lower case */
export function withoutAccents(lower: string): string {
  // Most are ASCII, and stay.
  if (/^[ -~]*$/.test(lower)) return lower
  return lower
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøłđæœı]/g, (letter) => joined.get(letter) ?? letter)
}
