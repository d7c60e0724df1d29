import { placeOfElement, readMail, type MailPlace } from './mail-tree.ts'

/** An address that a mail leads to or shows, once, with where it stands first. */
export interface MailLink {
  /** As the mail has it, decoded. */
  readonly url: string
  readonly kind: 'link' | 'image'
  readonly place: MailPlace
}

/** The addresses of the web in a mail: of its links and of its images. */
export function linksOf(html: string): readonly MailLink[] {
  const found = new Map<string, MailLink>()
  for (const element of readMail(html).elements) {
    const { tag, attributes } = element
    const url =
      tag === 'a' || tag === 'area' ? attributes['href'] : tag === 'img' ? attributes['src'] : undefined
    if (url === undefined || !/^https?:\/\//i.test(url)) continue
    const kind = tag === 'img' ? 'image' : 'link'
    const key = `${kind} ${url}`
    if (!found.has(key)) found.set(key, { url, kind, place: placeOfElement(element) })
  }
  return [...found.values()]
}
