import type { Feed, FeedItem } from './feed.ts'
import { element, escapeXml } from './xml.ts'

/**
 * RSS 2.0 (rssboard.org/rss-specification), with the whole text in `content:encoded` (RSS 1.0 Content Module),
 * names in `dc:creator`, and `atom:link` to itself as the RSS Best Practices Profile asks.
 */
export function writeRss(feed: Feed, self: string): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    '<channel>',
    element('title', feed.title),
    element('link', feed.home),
    element('description', feed.description),
    element('language', feed.lang),
    ...(feed.changedAt === null ? [] : [element('lastBuildDate', rfc822(feed.changedAt))]),
    element('generator', 'Onrecord'),
    element('docs', 'https://www.rssboard.org/rss-specification'),
    `<atom:link href="${escapeXml(self)}" rel="self" type="application/rss+xml"/>`,
    ...feed.items.map(writeItem),
    '</channel>',
    '</rss>',
  ]
  return `${lines.join('\n')}\n`
}

function writeItem(item: FeedItem): string {
  return [
    '<item>',
    element('title', item.title),
    element('link', item.url),
    element('guid', item.url, ' isPermaLink="true"'),
    element('pubDate', rfc822(item.publishedAt)),
    element('description', item.summary),
    ...item.authors.map((name) => element('dc:creator', name)),
    ...item.tags.map((tag) => element('category', tag)),
    element('content:encoded', item.content),
    '</item>',
  ].join('\n')
}

/** RFC 822 with four digits of year, as RSS wants it. */
function rfc822(at: number): string {
  return new Date(at).toUTCString()
}
