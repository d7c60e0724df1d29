import type { Feed, FeedItem } from './feed.ts'

/** JSON Feed 1.1 (jsonfeed.org/version/1.1). */
export function writeJsonFeed(feed: Feed, self: string): string {
  return `${JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.home,
    feed_url: self,
    description: feed.description,
    language: feed.lang,
    items: feed.items.map(itemOf),
  })}\n`
}

function itemOf(item: FeedItem): object {
  return {
    id: item.url,
    url: item.url,
    title: item.title,
    summary: item.summary,
    content_html: item.content,
    date_published: new Date(item.publishedAt).toISOString(),
    date_modified: new Date(item.changedAt).toISOString(),
    language: item.lang,
    ...(item.authors.length === 0 ? {} : { authors: item.authors.map((name) => ({ name })) }),
    ...(item.tags.length === 0 ? {} : { tags: item.tags }),
    ...(item.image === null ? {} : { image: item.image }),
  }
}
