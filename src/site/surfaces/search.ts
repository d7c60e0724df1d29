import { answerOwn } from '../answer.ts'
import type { Surface } from '../deps.ts'

/** Results on a page. */
const PAGE = 20

/** Nobody turns further; and what is skipped is still counted through. */
const LAST_PAGE = 500

/** Characters of what was typed that are read and shown again. */
const LONGEST = 256

/** `/search?q=…`, in what the reader's tier reads. */
export const search: Surface = (app, { archive, pages }) => {
  app.get('/search', (c) => {
    const reader = c.get('reader')
    const query = (c.req.query('q') ?? '').toWellFormed().trim().slice(0, LONGEST).toWellFormed()
    const page = pageNumber(c.req.query('page'))
    const result =
      query === '' ? null : archive.search(query, reader.tier, { from: (page - 1) * PAGE, count: PAGE })
    const at = (number: number): string =>
      `/search?q=${encodeURIComponent(query)}${number === 1 ? '' : `&page=${number}`}`
    const more = result !== null && result.total > page * PAGE && page < LAST_PAGE
    const html = pages.render(
      'search',
      { title: query === '' ? 'Search' : `Search: ${query}` },
      { query, result, older: more ? at(page + 1) : null, newer: page > 1 ? at(page - 1) : null },
      reader,
    )
    return answerOwn(c, html)
  })
}

function pageNumber(text: string | undefined): number {
  return text !== undefined && /^[1-9][0-9]{0,2}$/.test(text) ? Math.min(Number(text), LAST_PAGE) : 1
}
