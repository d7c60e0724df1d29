import { domainToUnicode } from 'node:url'
import type { Source } from '../sources/source.ts'
import { canonicalUrl } from '../sources/url.ts'

/** Hides the addresses of sources that a tier may not follow, wherever they are written. */
export interface Mask {
  /** The publisher to whose page `url` leads, or null where a reader may follow it. */
  hides(url: string): string | null
  /** `text` with every such address replaced by its publisher's name. */
  text(text: string): string
}

/** Keys of addresses: those hidden, with their publishers, and those let through. */
interface Known {
  readonly hidden: ReadonlyMap<string, string>
  readonly allowed: ReadonlySet<string>
}

/** What looks like an address, with or without its scheme; brackets and quotation marks end it. */
const address = /(?:https?:\/\/)?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?(?:[/?#][^\s<>"“”„«»]*)?/giu

/**
 * A mask over the addresses and archived copies of `hidden`. An address that a source of `open`
 * has as well is let through.
 */
export function createMask(hidden: readonly Source[], open: readonly Source[] = []): Mask {
  const allowed = new Set(open.flatMap(keysOf))
  const publishers = new Map<string, string>()
  const hosts = new Set<string>()
  for (const source of hidden) {
    for (const key of keysOf(source)) {
      if (allowed.has(key)) continue
      if (!publishers.has(key)) publishers.set(key, source.publisher)
      const host = hostOf(key)
      hosts.add(host).add(domainToUnicode(host) || host)
    }
  }
  if (publishers.size === 0) return { hides: () => null, text: (text) => text }
  const known: Known = { hidden: publishers, allowed }
  // A publisher whose name is itself such an address would give it away.
  for (const [key, publisher] of publishers) {
    if (findIn(publisher, known) !== null) publishers.set(key, 'source')
  }
  const mayHold = (text: string): boolean => {
    const lower = text.toLowerCase()
    for (const host of hosts) if (lower.includes(host)) return true
    return lower.includes('%') && [...hosts].some((host) => decodedFully(lower).includes(host))
  }
  return {
    hides: (url) => (mayHold(url) ? (lookUp(url, known) ?? findIn(url, known)) : null),
    text: (text) => (mayHold(text) ? text.replace(/\S+/gu, (word) => maskWord(word, known)) : text),
  }
}

function keysOf(source: Source): string[] {
  return [source.url, source.archive].flatMap((url) => (url === null ? [] : (canonicalUrl(url) ?? [])))
}

function maskWord(word: string, known: Known): string {
  const replaced = word.replace(address, (candidate) => {
    // Punctuation after an address is seldom part of it; where it is, a longer reading is known.
    const bare = candidate.replace(/[^\p{L}\p{N}/]+$/u, '')
    for (let end = bare.length; end <= candidate.length; end++) {
      const publisher = lookUp(candidate.slice(0, end), known)
      if (publisher !== null) return publisher + candidate.slice(end)
    }
    return candidate
  })
  // What is wrapped in another address (a web archive, a translator, %3A%2F%2F) goes as a whole.
  return findIn(replaced, known) ?? replaced
}

/** The publisher of the first address within `text`, percent-encoded ones too, or null. */
function findIn(text: string, known: Known): string | null {
  const plain = decodedFully(text)
  for (const reading of plain === text ? [text] : [text, plain]) {
    for (const start of reading.matchAll(/https?:\/{1,2}|(?<![\p{L}\p{N}.-])[\p{L}\p{N}-]+\./giu)) {
      const rest = reading.slice(start.index)
      const whole = /^[^\s<>"“”„«»]*/u.exec(rest)?.[0] ?? ''
      const ends = [whole, whole.split('&')[0] ?? '', whole.replace(/[^\p{L}\p{N}/]+$/u, '')]
      for (const candidate of ends) {
        const publisher = lookUp(candidate.replace(/^(https?:\/)(?=[^/])/iu, '$1/'), known)
        if (publisher !== null) return publisher
      }
    }
  }
  return null
}

function lookUp(candidate: string, known: Known): string | null {
  const written = /^https?:/iu.test(candidate) ? candidate : `https://${candidate.replace(/^\/\//u, '')}`
  const key = canonicalUrl(written)
  // A bare host is a name, as in “Caliber.Az”; with its scheme it is an address.
  if (key === null || (key === hostOf(key) && written !== candidate)) return null
  if (known.allowed.has(key)) return null
  const exact = known.hidden.get(key)
  if (exact !== undefined) return exact
  // The same page with another query, or a view of it one level down, still leads there.
  for (const [page, publisher] of known.hidden) {
    if (page !== hostOf(page) && key.startsWith(page) && /^[/?#&]/u.test(key.slice(page.length))) {
      return publisher
    }
  }
  return null
}

function hostOf(key: string): string {
  return key.split(/[/?#]/u)[0] ?? key
}

function decodedFully(text: string): string {
  let plain = text
  for (let depth = 0; depth < 3; depth++) {
    const next = plain.replace(/(?:%[0-9a-f]{2})+/giu, (escape) => {
      try {
        return decodeURIComponent(escape)
      } catch {
        return escape
      }
    })
    if (next === plain) break
    plain = next
  }
  return plain
}
