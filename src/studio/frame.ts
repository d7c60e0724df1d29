import { forcedDark } from '../email/compat/forced-dark.ts'
import { imagesOff } from '../email/compat/images-off.ts'
import { largeText } from './large-text.ts'

/** How the page in the frame is shown. */
export interface FrameOptions {
  /** `auto` leaves the choice to the browser; `forced`: by a model of programs that turn mails dark by themselves. */
  readonly scheme: 'light' | 'dark' | 'forced' | 'auto'
  /**
   * Images under `<baseUrl>/images/` are shown from the studio itself; with null those under any address,
   * for a message that was sent when the site had another one.
   */
  readonly baseUrl: string | null
  /** Default: shown. */
  readonly images?: 'off' | undefined
  /** Text at twice its size; default: as it is. */
  readonly text?: '200' | undefined
}

/**
 * The policy of a frame: nothing is loaded but its own styles and our images, no script runs, no form is
 * sent, no window is opened and the app around it cannot be led away. `allow-same-origin` lets the app's
 * script listen to what is pointed at and read how far the frame is scrolled; it is safe only because
 * `allow-scripts` is never given with it. A link is opened by the app, after it has looked at it.
 */
export const framePolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin',
].join('; ')

/**
 * Makes a mail or page fit for the frame: with images from here, in the colours, with the images and at the size of
 * text that are asked for; with nothing asked for, all else stays byte for byte. It is not what keeps scripts out;
 * `framePolicy` is.
 */
export function frameHtml(html: string, { scheme, baseUrl, images, text }: FrameOptions): string {
  const local = withLocalImages(html, baseUrl)
  const seen = images === 'off' ? imagesOff(local) : local
  const coloured = scheme === 'forced' ? forcedDark(seen) : withScheme(seen, scheme)
  return text === '200' ? largeText(coloured, 2) : coloured
}

/** Names of images are hashes, so that nothing else of the site is taken for one. */
export function withLocalImages(html: string, baseUrl: string | null): string {
  const base = baseUrl === null ? 'https?://[^\\s"\'()<>]{1,300}?' : escapeRegExp(baseUrl)
  return html.replace(new RegExp(`${base}/images/(?=[0-9a-f]{32}\\.(?:jpg|png|gif)\\b)`, 'g'), '/images/')
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

/** What has no end goes to that of the text: whoever looked for one again from every beginning would be held up by it. */
const tag = (name: string): RegExp =>
  new RegExp(`<${name}\\b(?:[^>"']|"[^"]*(?:"|$)|'[^']*(?:'|$))*(?:>|$)`, 'gi')

/** Decides the media queries of the page's styles as a device of that scheme would. */
function withScheme(html: string, scheme: 'light' | 'dark' | 'auto'): string {
  if (scheme === 'auto') return html
  return html
    .replace(
      /(<style\b[^>]*(?:>|$))([\s\S]*?)(<\/style>|$)/gi,
      (_, open: string, css: string, close: string) => [open, decided(css, scheme), close].join(''),
    )
    .replace(tag('(?:link|source|style)'), (each) => decided(each, scheme))
    .replace(tag('meta'), (meta) =>
      /name\s*=\s*["']?(?:supported-)?color-schemes?\b/i.test(meta)
        ? meta.replace(/content\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/i, `content="${scheme}"`)
        : meta,
    )
}

function decided(css: string, scheme: 'light' | 'dark'): string {
  return css
    .replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, asked: string) =>
      asked.toLowerCase() === scheme ? '(min-width:0)' : '(max-width:0)',
    )
    .replace(/(?<![\w-])color-scheme\s*:\s*[^;}"']+/gi, `color-scheme:${scheme}`)
}
