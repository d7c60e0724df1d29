import { frameHtml, framePolicy, type FrameOptions } from './frame.ts'

/**
 * What no policy keeps from the network: browsers look up, and connect to, the host of a `link` (`dns-prefetch`, `preconnect`),
 * also of one in a frame’s `srcdoc`. Neither element shows anything here; each becomes one that is read alike and does nothing.
 */
function withoutHints(html: string): string {
  return html.replace(/(<\/?)link(?=[\s/>])/gi, '$1meta').replace(/(<\/?)iframe(?=[\s/>])/gi, '$1noembed')
}

/** A mail or page as a picture, under a policy of its own in which nothing runs. */
export function answerFrame(html: string, options: FrameOptions): Response {
  return new Response(withoutHints(frameHtml(html, options)), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': framePolicy,
      'X-Frame-Options': 'SAMEORIGIN',
    },
  })
}

/** The colours that a frame's address asks for. */
export function schemeOf(asked: string | undefined): FrameOptions['scheme'] {
  return asked === 'dark' || asked === 'light' ? asked : 'auto'
}
