import { directiveNames } from './directive-names.ts'

/**
 * Whether a line could have been meant as a fence. It errs on the side of yes: what looks like a fence to an
 * editor and is none to the parser would publish the words of a members' section. Looked at is the line
 * without what an eye does not see (spaces of any kind, zero-width and combining characters, backslashes) and
 * with every look-alike of a colon, entities included, made a colon:
 *
 * - it begins, after the marks of quotes, lists, emphasis, headings and tables, with `::`;
 * - it begins so with one colon and the name of a directive;
 * - it holds three colons in a row anywhere, or two and the name of a directive;
 * - it holds a directive's name with a brace and an attribute, colons or not;
 * - it is short and little else than colons.
 */
export function looksLikeFence(line: string): boolean {
  if (!SUSPECT.test(line)) return false
  const decoded = decode(line)
  const visible = decoded.replace(ASCII.test(decoded) ? ASCII_INVISIBLE : INVISIBLE, '')
  const beginning = visible.replace(MARKS, '')
  return (
    beginning.startsWith('::') ||
    LONE_COLON.test(beginning) ||
    visible.includes(':::') ||
    NAMED.test(visible) ||
    WITH_ATTRIBUTE.test(visible) ||
    isBrokenFence(visible)
  )
}

/** `:> ::`, `:x:`, a lone `:`: too little to be prose, and too many colons; table rules (`:-:`) aside. */
function isBrokenFence(visible: string): boolean {
  if (visible.length > 12 || /^[|:-]*-[|:-]*$/.test(visible)) return false
  const rest = visible.replaceAll(':', '')
  const colons = visible.length - rest.length
  if (rest === '') return colons > 0
  const atEdge = visible.startsWith(':') || visible.endsWith(':')
  return atEdge && colons > 1 && (rest.length <= 2 || colons > 2 || visible.includes('::'))
}

const COLONS =
  ':\u02D0\u02D1\u02F8\u0589\u05C3\u0703\u0704\u0903\u0A83\u1365\u16EC\u1803\u1809\u205A\u205D\u205E\u2236\u2237\u2982\u2E2C\u2AF6\uA4FD\uA789\uFE13\uFE30\uFE55\uFF1A'

const names = directiveNames.join('|')

/** Cheap first look: most lines of prose hold none of these. */
const SUSPECT = new RegExp(`[${COLONS}&{]`)
const LOOKALIKE = new RegExp(`[${COLONS}]`, 'g')
/** U+2237 and U+2E2C are several colons in one character. */
const SEVERAL = /[\u2237\u2E2C]/g
// The ASCII forms spare most files the large classes of the full one.
// eslint-disable-next-line no-control-regex
const ASCII = /^[\0-\x7f]*$/
// eslint-disable-next-line no-control-regex
const ASCII_INVISIBLE = /[\0-\x20\x7f\\]/g
const INVISIBLE = /[\s\p{Z}\p{Cf}\p{Cc}\p{Co}\p{M}\u115F\u1160\u2800\u3164\uFFA0\uFFFC\uFFFD\\]/gu
const MARKS = /^(?:[-+*_~`>#|"'“”‘’«»()[\]!.•–—]|\d+[.)]|&[#\w]+;?|<[^>]*>?)+/u
const LONE_COLON = new RegExp(`^:(?:${names})(?![a-z])`, 'iu')
const NAMED = new RegExp(`::[*_~\`]*(?:${names})(?![a-z])`, 'iu')
const WITH_ATTRIBUTE = /members?[*_~`]*\{|teaser=/iu

/** Decodes the entities and folds the look-alikes that make a colon. */
function decode(line: string): string {
  const plain = line.includes('&') ? entities(line) : line
  return plain.replace(SEVERAL, '::').replace(LOOKALIKE, ':')
}

function entities(line: string): string {
  return line
    .replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/giu, (whole, hex?: string, decimal?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    })
    .replace(/&(?:colon|ratio);?/gu, ':')
    .replace(/&(?:Colon|Proportion);?/gu, '::')
    .replace(
      /&(?:nbsp|ensp|emsp|thinsp|hairsp|numsp|puncsp|shy|zwj|zwnj|lrm|rlm|Tab|NewLine|ZeroWidthSpace|NoBreak);/gu,
      '',
    )
}
