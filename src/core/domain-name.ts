import { domainToUnicode } from 'node:url'

/** Letters of Latin that look like no other (Unicode, Latin-1 and Extended-A), and scripts that nobody takes for Latin. */
const plain =
  /^(?:[a-z0-9ß-öø-ÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĵķĺļľłńņňōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷźżž-]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー0-9-]+|[\p{Script=Hangul}0-9-]+|[\p{Script=Arabic}0-9-]+|[\p{Script=Hebrew}0-9-]+|[\p{Script=Thai}0-9-]+|[\p{Script=Devanagari}0-9-]+)$/u

/**
 * A domain as people read it: “bücher.example” for “xn--bcher-kva.example”. Where a letter might be taken for another
 * (UTS #39, section 4), both stand there: “аррӏе.example (xn--80ak6aa92e.example)”. What is no domain stays as it is.
 */
export function readableDomain(ascii: string): string {
  if (!/(?:^|\.)xn--/i.test(ascii)) return ascii
  const unicode = domainToUnicode(ascii)
  if (unicode === '' || unicode === ascii) return ascii
  return unicode.split('.').every((label) => plain.test(label)) ? unicode : `${unicode} (${ascii})`
}
