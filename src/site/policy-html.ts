import { fromMarkdown } from 'mdast-util-from-markdown'
import { definitionsOf } from '../render/definitions.ts'
import { blocksHtml } from '../render/html.ts'

/** A policy of onrecord.yaml, Markdown without raw HTML, pictures or directives, as HTML. */
export function policyHtml(markdown: string): string {
  const root = fromMarkdown(markdown)
  return blocksHtml(root.children, {
    medium: 'web',
    lang: 'en',
    definitions: definitionsOf(root),
    image: () => null,
    directive: () => '',
    cited: new Map(),
    headings: { shift: 2, last: 2 },
  })
}
