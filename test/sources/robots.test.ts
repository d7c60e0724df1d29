import { describe, expect, test } from 'vitest'
import { allowAll, allowNothing, mayFetch, parseRobots } from '../../src/sources/robots.ts'
import { cpuTime } from '../cpu-time.ts'

function may(robots: string, path: string, agent = 'onrecord'): boolean {
  return mayFetch(parseRobots(robots, agent), new URL(path, 'https://news.example'))
}

describe('robots.txt', () => {
  test('the longest rule decides, and allow wins a tie', () => {
    const robots = 'User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /c\nAllow: /c'
    expect(may(robots, '/a/x')).toBe(false)
    expect(may(robots, '/a/b/x')).toBe(true)
    expect(may(robots, '/c')).toBe(true)
    expect(may(robots, '/d')).toBe(true)
  })

  test('a group for us hides the one for everybody, whatever its case, also when it is in two parts', () => {
    const robots =
      'User-agent: *\nDisallow: /\n\nUser-agent: OnRecord/1.0\nUser-agent: other\nDisallow: /x\n\nuser-agent: onrecord\ndisallow: /y # why'
    expect(may(robots, '/')).toBe(true)
    expect(may(robots, '/x')).toBe(false)
    expect(may(robots, '/y')).toBe(false)
    expect(may(robots, '/', 'stranger')).toBe(false)
  })

  test('a group for us without a rule lets us in', () => {
    expect(may('User-agent: *\nDisallow: /\nUser-agent: onrecord\nDisallow:', '/a')).toBe(true)
  })

  test.each([
    ['/*.pdf$', '/a/b.pdf', false],
    ['/*.pdf$', '/a/b.pdf?x', true],
    ['/a*b', '/axxb/c', false],
    ['/a*b', '/axx', true],
    ['/a$', '/a', false],
    ['/a$', '/ab', true],
    ['*', '/anything', false],
    ['/f%C3%B6', '/f\u00f6', false],
    ['/f\u00f6', '/f%c3%b6', false],
    ['/%61', '/a', false],
    ['/a%2Fb', '/a/b', true],
    ['/?q=', '/?q=1', false],
  ])('Disallow: %s, the page %s: allowed is %s', (rule, path, allowed) => {
    expect(may(`User-agent: *\nDisallow: ${rule}`, path)).toBe(allowed)
  })

  test('rules before any group, unknown lines and a byte order mark do no harm', () => {
    expect(may('\ufeffDisallow: /a\nSitemap: x\nUser-agent: *\r\nCrawl-delay: 4\rDisallow: /b', '/a')).toBe(
      true,
    )
    expect(may('\ufeffUser-agent: *\r\nCrawl-delay: 4\rDisallow: /b', '/b')).toBe(false)
  })

  test('robots.txt itself may always be fetched', () => {
    expect(mayFetch(allowNothing, new URL('https://news.example/robots.txt'))).toBe(true)
    expect(mayFetch(allowNothing, new URL('https://news.example/'))).toBe(false)
    expect(mayFetch(allowAll, new URL('https://news.example/'))).toBe(true)
  })

  test('a rule full of stars takes no time', () => {
    const began = cpuTime()
    may(`User-agent: *\nDisallow: ${'/*a'.repeat(2000)}$`, `/${'a'.repeat(4000)}`)
    expect(cpuTime() - began).toBeLessThan(500)
  })
})
