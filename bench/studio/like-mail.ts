import type { FirstSight } from '../../src/studio/preview.ts'

/** The word in the mail's first long paragraph that a save changes. */
export const MARK = 'markedword0'

/**
 * A template of react-email with the words, the links and about the structure of `mail`: each block of text an
 * element of the library, in containers as its own examples have them.
 */
export function likeMail({ marked, preheader }: FirstSight['mail']): string {
  const blocks = [...marked.matchAll(/<(p|h\d|li|td)\b[^>]*>([\s\S]*?)<\/\1>/g)].map(
    ([, tag = '', html = '']) => ({
      kind: tag.startsWith('h') ? 'heading' : 'text',
      parts: html.split(/(<a\b[^>]*href="https?:[^"]*"[^>]*>[\s\S]*?<\/a>)/).flatMap((part) => {
        const text = wordsOf(part)
        const href = /^<a\b[^>]*href="([^"]*)"/.exec(part)?.[1]
        return text === '' ? [] : [href === undefined ? { text } : { text, href: wordsOf(href) }]
      }),
    }),
  )
  return `import { Body, Container, Head, Heading, Hr, Html, Link, Preview, Section, Text } from 'react-email'

const blocks: { kind: string; parts: { text: string; href?: string }[] }[] = ${JSON.stringify(blocks, null, 1)}

export default function Weekly() {
  return (
    <Html lang="en">
      <Head />
      <Preview>{${JSON.stringify(preheader)}}</Preview>
      <Body style={{ backgroundColor: '#ece8df', fontFamily: 'Georgia, serif' }}>
        <Container style={{ backgroundColor: '#fffdf8', padding: '32px', maxWidth: '600px' }}>
          <Section><Text>${MARK}</Text></Section>
          {blocks.map(({ kind, parts }, index) => {
            const inner = parts.map((part, at) =>
              part.href === undefined ? <span key={at}>{part.text} </span> : <Link key={at} href={part.href}>{part.text} </Link>,
            )
            return (
              <Section key={index}>
                {kind === 'heading' ? <Heading as="h2">{inner}</Heading> : <Text style={{ fontSize: '17px', lineHeight: '26px' }}>{inner}</Text>}
              </Section>
            )
          })}
          <Hr />
        </Container>
      </Body>
    </Html>
  )
}
`
}

function wordsOf(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&nbsp;', '\u00a0')
    .replaceAll('&amp;', '&')
    .trim()
}
