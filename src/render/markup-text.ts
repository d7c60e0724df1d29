import { Parser } from 'htmlparser2'

/** The words of a page as a browser reads them: text and alternative text, decoded; no styles, no comments. */
export function markupText(html: string): string {
  let text = ''
  let silent = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (skipped.has(name)) silent++
        else if (name === 'img') text += ` ${attributes['alt'] ?? ''} `
      },
      ontext(data) {
        if (silent === 0) text += data
      },
      onclosetag(name) {
        if (skipped.has(name)) silent--
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  return text
}

const skipped: ReadonlySet<string> = new Set(['style', 'script', 'title', 'template'])
