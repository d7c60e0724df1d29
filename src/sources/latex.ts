/** What an accent command puts on the letter after it: combining marks of Unicode. */
const accents: Readonly<Record<string, string>> = {
  '`': '\u0300',
  "'": '\u0301',
  '^': '\u0302',
  '~': '\u0303',
  '=': '\u0304',
  u: '\u0306',
  '.': '\u0307',
  '"': '\u0308',
  r: '\u030a',
  H: '\u030b',
  v: '\u030c',
  d: '\u0323',
  c: '\u0327',
  k: '\u0328',
  b: '\u0331',
}

const signs: Readonly<Record<string, string>> = {
  ss: 'ß',
  ae: 'æ',
  AE: 'Æ',
  oe: 'œ',
  OE: 'Œ',
  aa: 'å',
  AA: 'Å',
  o: 'ø',
  O: 'Ø',
  l: 'ł',
  L: 'Ł',
  i: 'ı',
  j: 'ȷ',
  dh: 'ð',
  DH: 'Ð',
  th: 'þ',
  TH: 'Þ',
  dj: 'đ',
  DJ: 'Đ',
  ng: 'ŋ',
  NG: 'Ŋ',
  S: '§',
  P: '¶',
  pounds: '£',
  euro: '€',
  texteuro: '€',
  copyright: '©',
  dots: '…',
  ldots: '…',
  textellipsis: '…',
  textendash: '–',
  textemdash: '—',
  textquoteleft: '‘',
  textquoteright: '’',
  textquotedblleft: '“',
  textquotedblright: '”',
  guillemotleft: '«',
  guillemotright: '»',
  textasciitilde: '~',
  textasciicircum: '^',
  textbackslash: '\\',
  textunderscore: '_',
  textdegree: '°',
  slash: '/',
  LaTeX: 'LaTeX',
  TeX: 'TeX',
}

/**
 * The words of a LaTeX string, as a field of BibTeX has them, on one line: accents and signs as
 * Unicode, braces and the commands of fonts taken off, `--` and quotes as typography. A command that
 * is not known leaves its argument behind.
 */
export function plainLatex(text: string): string {
  const out = text
    .replace(/\\url\s*\{([^{}]*)\}/gu, (_, url: string) => url.replace(/([~%#&_])/gu, '\\$1'))
    .replace(/\\(?:["'`^~=.]|[uvHcdbkr](?![a-zA-Z]))\s*(?:\{\s*(\\?[a-zA-Z])?\s*\}|(\\?[a-zA-Z]))/gu, accent)
    .replace(/\\([a-zA-Z]+)\*?(?:\s*\{\}|\s+|(?![a-zA-Z]))/gu, command)
    .replace(/\\[-/]/gu, '')
    .replace(/\\[ \\]/gu, ' ')
    .replace(/(?<!\\)~/gu, '\u00a0')
    .replace(/---/gu, '—')
    .replace(/--/gu, '–')
    .replace(/``/gu, '“')
    .replace(/''/gu, '”')
    .replace(/`/gu, '‘')
    .replace(/(?<!\\)[{}]/gu, '')
    .replace(/(?<!\\)\$([^$]*)(?<!\\)\$/gu, '$1')
    .replace(/\\([%&$#_{}~^@,;:!"'])/gu, '$1')
  return out
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
}

function accent(whole: string, braced: string | undefined, bare: string | undefined): string {
  const mark = accents[whole.charAt(1)] ?? ''
  const letter = (braced ?? bare ?? '').replace(/^\\/u, '')
  return letter === '' ? whole.charAt(1) : `${letter}${mark}`
}

function command(whole: string, name: string): string {
  const sign = signs[name]
  if (sign !== undefined) return sign
  return /\s$/u.test(whole) ? ' ' : ''
}
