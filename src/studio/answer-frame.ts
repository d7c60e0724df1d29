import { frameHtml, framePolicy, type FrameOptions } from './frame.ts'

/** A mail or page as a picture, under a policy of its own in which nothing runs. */
export function answerFrame(html: string, options: FrameOptions): Response {
  return new Response(frameHtml(html, options), {
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
