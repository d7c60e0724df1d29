import { readSourceUrl } from './url.ts'

/** A key that two addresses share when only what tracks a reader differs in them; the passage they lead to counts. */
export function linkKey(href: string): string {
  const read = readSourceUrl(href)
  return read.kind === 'url' ? read.url + (/:~:.*$/su.exec(href)?.[0] ?? '') : href
}
