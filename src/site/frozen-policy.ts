import { styleHashes } from '../render/style-hashes.ts'

/** The Content-Security-Policy of a page that stands by itself, as a version that kept no documents froze it. */
export function frozenPolicy(html: string, baseUrl: string): string {
  const styles = styleHashes(html).map((hash) => `'${hash}'`)
  return [
    "default-src 'none'",
    `style-src ${styles.length === 0 ? "'none'" : styles.join(' ')}`,
    `img-src 'self' ${new URL(baseUrl).origin}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
