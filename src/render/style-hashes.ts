import { createHash } from 'node:crypto'

/** `sha256-…` of each `<style>` in `html`, in order, for `style-src` (CSP level 3, section 6.7.3). */
export function styleHashes(html: string): string[] {
  return Array.from(
    html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g),
    ([, css = '']) => `sha256-${createHash('sha256').update(css, 'utf8').digest('base64')}`,
  )
}
