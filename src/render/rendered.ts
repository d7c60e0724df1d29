import type { PageDocument } from './page-document.ts'

/** A projected issue merged with its template. */
export interface Rendered {
  /** MJML after Handlebars, before mjml. */
  readonly mjml: string
  /** The mail's HTML part, with slot marks (see `slots.ts`). */
  readonly html: string
  /** The mail's text part, LF line ends, with slot marks. */
  readonly text: string
  /** A whole web page that stands by itself, without slots. */
  readonly web: string
  /** What the site's pages are made from. */
  readonly page: PageDocument
}
