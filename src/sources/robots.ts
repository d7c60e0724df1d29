/** What a site asks of robots: the rules of its robots.txt that are meant for us. RFC 9309. */
export interface Robots {
  readonly rules: readonly RobotsRule[]
}

interface RobotsRule {
  readonly allows: boolean
  readonly path: string
}

/** A site without robots.txt (§2.3.1.3), and one whose robots.txt cannot be had (§2.3.1.4). */
export const allowAll: Robots = { rules: [] }
export const allowNothing: Robots = { rules: [{ allows: false, path: '/' }] }

/** A robots.txt may be cut here (§2.5). */
export const ROBOTS_BYTES = 500 * 1024

/** Reads a robots.txt for `agent`, a product token such as `onrecord`; else for `*` (§2.2.1). */
export function parseRobots(text: string, agent: string): Robots {
  const ours: RobotsRule[] = []
  const everyones: RobotsRule[] = []
  let named = false
  let groups = { ours: false, everyones: false }
  let inRules = false
  for (const line of text.replace(/^\ufeff/u, '').split(/\r\n|\r|\n/u)) {
    const match = /^\s*(user-agent|allow|disallow)\s*:([^#]*)/iu.exec(line)
    if (match === null) continue
    const field = (match[1] ?? '').toLowerCase()
    const value = (match[2] ?? '').trim()
    if (field === 'user-agent') {
      if (inRules) groups = { ours: false, everyones: false }
      inRules = false
      if (value === '*') groups.everyones = true
      else if (/^[a-z_-]+/iu.exec(value)?.[0].toLowerCase() === agent.toLowerCase())
        groups.ours = named = true
      continue
    }
    inRules = true
    // An empty rule forbids nothing.
    if (value === '') continue
    const rule = { allows: field === 'allow', path: value }
    if (groups.ours) ours.push(rule)
    if (groups.everyones) everyones.push(rule)
  }
  return { rules: named ? ours : everyones }
}

/** Whether `url` may be fetched: the longest matching rule decides, `allow` where two are as long (§2.2.2). */
export function mayFetch(robots: Robots, url: URL): boolean {
  const path = normalPath(`${url.pathname}${url.search}`)
  if (path === '/robots.txt') return true
  let decided: RobotsRule | null = null
  for (const rule of robots.rules) {
    if (!matches(normalPath(rule.path), path)) continue
    const longer = decided === null || rule.path.length > decided.path.length
    if (longer || (rule.path.length === decided?.path.length && rule.allows)) decided = rule
  }
  return decided?.allows ?? true
}

/** `*` is any run of signs, a `$` at the end is the path's end (§2.2.3). No regular expression: it could be made slow. */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$')
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split('*')
  const head = parts.shift() ?? ''
  if (!path.startsWith(head)) return false
  let at = head.length
  const tail = anchored ? parts.pop() : undefined
  for (const part of parts) {
    const found = path.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  if (!anchored) return true
  return tail === undefined ? at === path.length : path.length - tail.length >= at && path.endsWith(tail)
}

/** Percent-escapes of plain letters undone, of others in capitals; what is not ASCII escaped. */
function normalPath(path: string): string {
  return path
    .replace(/[^\u0020-\u007e]+/gu, (signs) => encodeURIComponent(signs.toWellFormed()))
    .replace(/%[0-9a-f]{2}/giu, (escape) => {
      const sign = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      return /[\w~.-]/u.test(sign) ? sign : escape.toUpperCase()
    })
}
