import { answerShared } from '../answer.ts'
import { changeTimes } from '../change-times.ts'
import type { Surface } from '../deps.ts'
import { writeJsonFeed } from '../feed-json.ts'
import { writeRss } from '../feed-rss.ts'
import { makeFeed, type Feed } from '../feed.ts'

/** `/feed.xml` (RSS 2.0) and `/feed.json` (JSON Feed 1.1), of the public tier alone. */
export const feeds: Surface = (app, site) => {
  const changedAt = changeTimes(site)
  const add = (path: string, mediaType: string, write: (feed: Feed, self: string) => string): void => {
    app.get(path, async (c) => {
      const time = await changedAt()
      const version = await site.archive.version()
      const make = async () => write(await makeFeed(site), site.baseUrl + path)
      return answerShared(c, String(version), make, mediaType, time)
    })
  }
  add('/feed.xml', 'application/rss+xml; charset=utf-8', writeRss)
  add('/feed.json', 'application/feed+json; charset=utf-8', writeJsonFeed)
}
