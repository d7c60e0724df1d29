import { describe, expect, test } from 'vitest'
import { canonicalUrl, readSourceUrl } from '../../src/sources/url.ts'

describe('the address of a source', () => {
  test.each([
    ['https://a.test/x?utm_source=n&id=3&cid=77#part', 'https://a.test/x?id=3#part'],
    ['https://a.test/x?campaign=ad_reco&summary=true', 'https://a.test/x?summary=true'],
    ['https://a.test/x?fbclid=1&gclid=2&traffic_source=rss', 'https://a.test/x'],
    ['https://a.test/x?q=a%20b+c', 'https://a.test/x?q=a%20b+c'],
    ['https://a.test/x#:~:text=words', 'https://a.test/x'],
    ['https://a.test/x#part:~:text=words', 'https://a.test/x#part'],
    ['  HTTPS://A.test/X  ', 'https://a.test/X'],
  ])('%s is kept as %s', (written, kept) => {
    expect(readSourceUrl(written)).toEqual({ kind: 'url', url: kept })
  })

  test.each(['javascript:alert(1)', 'ftp://a.test/x', 'data:text/html,x', 'https://me:secret@a.test/'])(
    '%s is refused',
    (written) => {
      expect(readSourceUrl(written).kind).toBe('refused')
    },
  )

  test.each(['a.test/x', 'https://', 'https://nowhere', 'see the website', 'https://a b/'])(
    '“%s” is malformed',
    (written) => {
      expect(readSourceUrl(written).kind).toBe('malformed')
    },
  )
})

describe('canonical addresses', () => {
  test.each([
    ['http://www.A.test:80/x/', 'https://a.test/x?utm_campaign=w'],
    ['https://a.test/x#part', 'https://a.test/x'],
    ['https://a.test/%78', 'https://a.test/x'],
    ['https://a.test', 'https://www.a.test/?gclid=1'],
  ])('%s is the page of %s', (one, other) => {
    expect(canonicalUrl(one)).toBe(canonicalUrl(other))
  })

  test.each([
    ['https://a.test/x', 'https://a.test/y'],
    ['https://a.test/x?id=1', 'https://a.test/x?id=2'],
    ['https://a.test/#/one', 'https://a.test/#/two'],
    ['https://a.test:8443/x', 'https://a.test/x'],
  ])('%s is another page than %s', (one, other) => {
    expect(canonicalUrl(one)).not.toBe(canonicalUrl(other))
  })
})
