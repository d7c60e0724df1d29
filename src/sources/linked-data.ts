import type { DomDocument } from './dom.ts'

/** One thing that a page describes in JSON-LD. */
export type LinkedData = Readonly<Record<string, unknown>>

const ARTICLES =
  /^(?:(?:News|Reportage|Analysis|Opinion|Background|Review|Tech|Scholarly|Satirical|AskPublicNews|LiveBlog)\w*|Article|Report|BlogPosting|LiveBlogPosting|SocialMediaPosting)$/u
const PAGES = /^(?:WebPage|Dataset|GovernmentDocument|DigitalDocument|CreativeWork|Book|Legislation)$/u

/** The article that the page is, by its JSON-LD; else the page itself; else null. */
export function findArticle(document: DomDocument): LinkedData | null {
  const things: LinkedData[] = []
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    const text = script.textContent ?? ''
    if (text.length > 1_000_000) continue
    try {
      collect(JSON.parse(text), things, 0)
    } catch (error) {
      // Many pages' JSON-LD is broken; the other tags still count.
      if (!(error instanceof SyntaxError)) throw error
    }
  }
  return things.find((thing) => isOf(thing, ARTICLES)) ?? things.find((thing) => isOf(thing, PAGES)) ?? null
}

/** The text of a value, a language-tagged one included. */
export function textOf(value: unknown): string | null {
  if (Array.isArray(value)) return textOf(value[0])
  if (isThing(value)) return textOf(value['@value'] ?? value['name'])
  if (typeof value !== 'string') return null
  const text = value.replace(/\s+/gu, ' ').trim()
  return text === '' ? null : text.slice(0, 500)
}

/** The names of one or several persons or organisations; an address alone is no name. */
export function namesOf(value: unknown): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values
    .slice(0, 50)
    .map(textOf)
    .filter((name) => name !== null)
    .filter((name) => !/^https?:/iu.test(name))
}

function collect(value: unknown, things: LinkedData[], depth: number): void {
  if (depth > 5 || things.length > 500) return
  if (Array.isArray(value)) for (const each of value) collect(each, things, depth + 1)
  else if (isThing(value)) {
    things.push(value)
    collect(value['@graph'], things, depth + 1)
    collect(value['mainEntity'], things, depth + 1)
  }
}

function isThing(value: unknown): value is LinkedData {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isOf(thing: LinkedData, types: RegExp): boolean {
  const type = thing['@type']
  const names: readonly unknown[] = Array.isArray(type) ? type : [type]
  return names.some(
    (name) => typeof name === 'string' && types.test(name.replace(/^https?:\/\/schema\.org\//u, '')),
  )
}
