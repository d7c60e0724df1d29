import type { Item } from './readings.ts'

/** Why we refuse (DC810) a citation that Pandoc reads in `text`, from the narrowest reason to the widest. */
export function whyRefused(text: string, items: readonly Item[]): string | undefined {
  if (text.includes('@{')) return 'an id in braces'
  return items.map((item, index) => whyItem(item, items[index - 1])).find((why) => why !== undefined)
}

function whyItem([id, prefix, suffix]: Item, previous: Item | undefined): string | undefined {
  if (prefix === 'via') {
    if (previous === undefined || previous[1] === 'via') return '“via” that follows no source'
    if (suffix.trim() !== '') return 'a relay with a locator or words'
  } else if (prefix.endsWith('-')) return 'an author left out with “-”'
  else if (prefix !== '') return 'words before the id'
  if (!/^[A-Za-z0-9](?:(?:_|-(?!-))*[A-Za-z0-9])*$/u.test(id)) return 'an id of other characters'
  if (!/^(?:[\s,]|$)/u.test(suffix)) return 'an id run into what follows'
  return whySuffix(suffix.replace(/^\s*,?/u, '').trim(), /^\s*,/u.test(suffix))
}

function whySuffix(suffix: string, hasComma: boolean): string | undefined {
  if (suffix === '') return hasComma ? 'a comma with nothing after it' : undefined
  // Pairs of quotation marks are curly in Pandoc’s answers; what they hold is no grammar to us.
  const bare = suffix.replace(/“[^“”]*”/gu, (words) => (words === '“”' ? '“”' : '“w”'))
  if (/[“”"]/u.test(bare.replace(/(?:^|,)\s*“w”$/u, '')))
    return 'words that do not stand alone, last and in a pair of marks'
  if (/(?:^|,)\s*(?:,|$)/u.test(bare)) return 'a comma with nothing after it'
  if (/[[\]]/u.test(bare)) return 'a bracket, link or picture in a locator'
  if (/(?<![\p{L}\p{N}])@[A-Za-z0-9_]/u.test(bare)) return 'a second source without “;”'
  if (/‘[^’]*;.*’|([*`]).*;.*\1/u.test(bare)) return 'a semicolon within marks of other kinds'
  if (['*', '`', '_'].some((mark) => bare.split(mark).length % 2 === 0))
    return 'a mark without its pair in a locator'
  return undefined
}

/** Why we read a citation in `text` that Pandoc does not, or reads otherwise. */
export function whyRead(text: string, items: readonly Item[]): string | undefined {
  if (/\][[{]/u.test(text)) return 'a bracket or brace right after the citation'
  if (items.some(([, , suffix]) => /“[^”]*[[\]*"`][^”]*”/u.test(suffix)))
    return 'marks without their pair in quoted words'
  return undefined
}
