import { Parser } from 'htmlparser2'
import { cssTokens } from './css-tokens.ts'
import { rewrite, type Edit } from './rewrite.ts'

/**
 * A mail as it is shown where images are off: in the place of each stands its alternative text, in a box as
 * large as the image is declared to be; pictures behind text are gone.
 */
export function imagesOff(html: string): string {
  const edits: Edit[] = []
  let sheet: number | null = null
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const place = { start: parser.startIndex, end: parser.endIndex + 1 }
        const style = attributes['style'] ?? ''
        if (name === 'img') {
          // The element stays, with the mail's own styles for it; without a source, browsers show its text.
          const sized = `${withoutPictures(style)}${style === '' || style.endsWith(';') ? '' : ';'}${frame(attributes)}`
          const off = { src: null, srcset: null, alt: attributes['alt'] ?? '', style: sized }
          edits.push({ ...place, attributes: off })
        } else if (style.includes('(') || attributes['background'] !== undefined || name === 'source') {
          edits.push({
            ...place,
            attributes: {
              ...(style === '' ? {} : { style: withoutPictures(style) }),
              background: null,
              ...(name === 'source' ? { srcset: null, src: null } : {}),
            },
          })
        }
        if (name === 'style') sheet = parser.endIndex + 1
      },
      onclosetag(name) {
        if (name !== 'style' || sheet === null) return
        const end = Math.max(sheet, parser.startIndex)
        edits.push({ start: sheet, end, text: withoutPictures(html.slice(sheet, end)) })
        sheet = null
      },
    },
    { decodeEntities: true },
  )
  parser.write(html)
  parser.end()
  return rewrite(html, edits)
}

/** As large as the image is declared to be, with the thin edge that mail programs draw. */
function frame({ width, height, alt }: Readonly<Record<string, string>>): string {
  const ratio =
    Number(width) > 0 && Number(height) > 0 ? `aspect-ratio:${Number(width)}/${Number(height)};` : ''
  const edge = alt === '' ? '' : 'outline:1px solid #8888;outline-offset:-1px;'
  return `display:inline-block;overflow:hidden;${ratio}${edge}`
}

/** CSS in which each address of a picture is `none`. */
function withoutPictures(css: string): string {
  const parts: string[] = []
  let from = 0
  for (const token of cssTokens(css)) {
    if (token.kind !== 'url') continue
    parts.push(css.slice(from, token.start), 'none')
    from = token.end
  }
  parts.push(css.slice(from))
  return parts.join('')
}
