import { answerMessage, answerOwn } from '../answer.ts'
import type { Surface } from '../deps.ts'
import { networkOf } from '../network.ts'
import { openWindows } from '../windows.ts'

/** Results on a page. */
const PAGE = 20

/** Issues that are named where nothing was found. */
const NEWEST = 3

/** Nobody turns further, and no more is weighed. */
const LAST_PAGE = 50

/** From one network; the worst that can be asked, all the time, then takes a tenth of the process. */
const PER_MINUTE = 120

/** Characters of what was typed that are read and shown again. */
const LONGEST = 256

/** `/search?q=…`, in what the reader's tier reads. */
export const search: Surface = (app, site) => {
  const { archive, pages, limits, clock } = site
  const count = openWindows({ most: limits.searchesPerMinute ?? PER_MINUTE, windowMs: 60_000 }, clock)
  app.get('/search', async (c) => {
    const reader = c.get('reader')
    const query = (c.req.query('q') ?? '').toWellFormed().trim().slice(0, LONGEST).toWellFormed()
    const page = pageNumber(c.req.query('page'))
    const wait = query === '' ? 0 : count(networkOf(c.get('address')))
    if (wait > 0) {
      c.header('Retry-After', String(wait))
      return answerMessage(c, site, tooMany(wait), 429)
    }
    const result =
      query === '' ? null : await archive.search(query, reader.tier, { from: (page - 1) * PAGE, count: PAGE })
    const at = (number: number): string =>
      `/search?q=${encodeURIComponent(query)}${number === 1 ? '' : `&page=${number}`}`
    const more = result !== null && result.total > page * PAGE && page < LAST_PAGE
    const isNothing = result !== null && result.total === 0
    const newest = isNothing ? await archive.heads(reader.tier, { from: 0, count: NEWEST }) : []
    const html = pages.render(
      'search',
      { title: query === '' ? 'Search' : `Search: ${query}` },
      { query, result, newest, older: more ? at(page + 1) : null, newer: page > 1 ? at(page - 1) : null },
      reader,
    )
    return answerOwn(c, html)
  })
}

function pageNumber(text: string | undefined): number {
  return text !== undefined && /^[1-9][0-9]{0,2}$/.test(text) ? Math.min(Number(text), LAST_PAGE) : 1
}

function tooMany(seconds: number) {
  return {
    kind: 'error',
    title: 'Too many searches',
    paragraphs: [
      `Your network has searched many times within a minute. Please try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    ],
  }
}
