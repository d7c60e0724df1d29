import type { Style } from './style.ts'
import { textOf, type MailElement } from './mail-tree.ts'
import type { UseKey } from './notices.ts'

/** What an element uses by its name, its attributes and what they say; its own style apart. */
export function markupFeatures(
  element: MailElement,
  style: Style | undefined,
  around: Style | undefined,
): readonly UseKey[] {
  const { tag, attributes } = element
  const keys: UseKey[] = []
  const byTag = tags.get(tag)
  if (byTag !== undefined) keys.push(byTag)
  for (const [name, key] of named) if (attributes[name] !== undefined) keys.push(key)
  if (tag === 'a' && leadsWithin(attributes['href'])) keys.push('anchor-link')
  if (tag === 'img' || tag === 'source') {
    const format = imageFormat(attributes['src'] ?? '')
    if (format !== null && tag === 'img') keys.push(format)
  }
  if (tag === 'meta' && attributes['name'] === 'color-scheme') keys.push('meta-color-scheme')
  if (tag === 'link' && /(?:^|\s)stylesheet(?:\s|$)/i.test(attributes['rel'] ?? '')) keys.push('style-link')
  if (tag === 'img' && attributes['usemap'] !== undefined) keys.push('image-map')
  if (
    (tag === 'ol' && attributes['reversed'] !== undefined) ||
    (tag === 'li' && attributes['value'] !== undefined)
  ) {
    keys.push('list-numbers')
  }
  if (tag === 'input')
    keys.push(attributes['type'] === 'checkbox' || attributes['type'] === 'radio' ? 'tick-box' : 'text-field')
  // Classic Outlook takes the attribute, and knows no max-width.
  if (tag === 'img' && Number(attributes['width']) > COLUMN) keys.push('wide-image')
  if (style === undefined) return keys
  // Of what is hidden or kept in lines, the outermost is told.
  const isHidden = style.display === 'none' && around?.display !== 'none' && !headTags.has(tag)
  if (isHidden && attributes['hidden'] === undefined && saysSomething(element)) keys.push('display-none')
  if (style.padded && !isCell(tag) && style.display !== 'none') keys.push('padding')
  const keepsLines = style.keepsLines && around?.keepsLines !== true && tag !== 'pre'
  if (keepsLines && textOf(element).trim().includes('\n')) keys.push('line-breaks')
  return keys
}

/** The widest that a mail's column is, in CSS pixels. */
const COLUMN = 640

const headTags: ReadonlySet<string> = new Set([
  'head',
  'title',
  'style',
  'meta',
  'link',
  'script',
  'base',
  'noscript',
])

const tags: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  ['form', 'form'],
  ['textarea', 'text-field'],
  ['select', 'choice'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['svg', 'svg'],
  ['object', 'object'],
  ['dialog', 'dialog'],
  ['meter', 'meter'],
  ['progress', 'progress'],
  ['marquee', 'marquee'],
  ['ruby', 'ruby'],
  ['picture', 'picture'],
  ['abbr', 'abbr'],
  ['article', 'semantics'],
  ['section', 'semantics'],
  ['header', 'semantics'],
  ['footer', 'semantics'],
  ['nav', 'semantics'],
  ['main', 'semantics'],
  ['aside', 'semantics'],
  ['figure', 'semantics'],
  ['time', 'semantics'],
])

const named: readonly (readonly [string, UseKey])[] = [
  ['role', 'role'],
  ['aria-label', 'aria-label'],
  ['aria-hidden', 'aria-hidden'],
  ['srcset', 'srcset'],
  ['loading', 'loading'],
  ['hidden', 'hidden-attribute'],
]

const formats: ReadonlyMap<string, UseKey> = new Map<string, UseKey>([
  ['webp', 'webp'],
  ['avif', 'avif'],
  ['svg', 'svg-image'],
  ['svg+xml', 'svg-image'],
  ['heif', 'heif'],
  ['heic', 'heif'],
  ['tif', 'tiff'],
  ['tiff', 'tiff'],
  ['bmp', 'bmp'],
  ['ico', 'ico'],
  ['apng', 'apng'],
  ['mp4', 'video-image'],
])

function imageFormat(src: string): UseKey | null {
  if (/^data:/i.test(src)) return 'data-image'
  const extension = /\.([a-z0-9]+)(?:[?#][^]*)?$/i.exec(src)?.[1]
  return formats.get(extension?.toLowerCase() ?? '') ?? null
}

function leadsWithin(href: string | undefined): boolean {
  return href !== undefined && href.startsWith('#') && href.length > 1
}

function saysSomething(element: MailElement): boolean {
  return /[\p{L}\p{N}]/u.test(textOf(element))
}

function isCell(tag: string): boolean {
  return tag === 'td' || tag === 'th' || tag === 'table'
}
