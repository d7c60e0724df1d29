/** Which page of a list `?page=` asks for, from 1; null: none that there could be. */
export function askedPage(query: string | undefined): number | null {
  if (query === undefined) return 1
  return /^[1-9][0-9]{0,3}$/.test(query) ? Number(query) : null
}

/** Where the pager of `path` leads from a page of it. */
export function pagesBeside(
  path: string,
  page: number,
  hasOlder: boolean,
): { readonly older: string | null; readonly newer: string | null } {
  const at = (number: number): string => (number === 1 ? path : `${path}?page=${number}`)
  return { older: hasOlder ? at(page + 1) : null, newer: page > 1 ? at(page - 1) : null }
}
