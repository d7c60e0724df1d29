/** What is wrong with a link's address, or null: only full http, https and mailto addresses pass. */
export function linkProblem(url: string): { readonly message: string; readonly hint: string } | null {
  const hint = 'write the full address, https:// included'
  const shown = url.length > 60 ? `${url.slice(0, 59)}…` : url
  if (url === '') return { message: 'This link has no address.', hint }
  if (/[\s\p{Cc}\p{Cf}<>"]/u.test(url))
    return { message: `“${shown}” holds characters no address has.`, hint }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase()
  if (scheme === undefined) return { message: `“${shown}” is not a full address.`, hint }
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'mailto') {
    return { message: `Links to “${scheme}:” are refused.`, hint: 'use https, http or mailto' }
  }
  const parsed = URL.canParse(url) ? new URL(url) : null
  const complete = scheme === 'mailto' ? /^mailto:[^@]+@[^@]+$/i.test(url) : /^https?:\/\/[^/]/i.test(url)
  if (parsed === null || !complete) return { message: `“${shown}” is not a full address.`, hint }
  return null
}
