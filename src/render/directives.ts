import type { RootContent } from 'mdast'
import Handlebars from 'handlebars'
import { likelihoods } from '../brief/likelihood.ts'
import type { Button } from '../brief/tree.ts'
import { formatDate } from './date.ts'
import { safeHref } from './escape.ts'
import { blocksHtml, marked, markedHtml, type Directive, type HtmlContext } from './html.ts'

/**
 * What the look's partial of the same name as the directive is given; templates/weekly/README.md
 * lists it.
 *
 * @param invitation what a teaser invites to, or null
 */
export function directiveData(node: Directive, context: HtmlContext, invitation: object | null): object {
  switch (node.type) {
    case 'members':
    case 'note':
    case 'correction':
      return { html: safe(blocksHtml(node.children, context)) }
    case 'teaser':
      return { teaser: marked(node.teaser, node, context), invitation }
    case 'scenarios':
      return {
        items: node.children.map((scenario) => {
          const [from, to] = likelihoods[scenario.likelihood]
          return {
            name: marked(scenario.name, scenario, context),
            term: scenario.likelihood,
            slug: scenario.likelihood.replaceAll(' ', '-'),
            from,
            to,
            width: to - from,
            rest: 100 - to,
            html: safe(markedHtml(scenario, context)),
          }
        }),
      }
    case 'timeline':
      return {
        items: node.children.map((event) => ({
          date: formatDate(event.date, context.lang, event.until),
          html: safe(markedHtml(event, context)),
        })),
      }
    case 'figures':
      return {
        columns: node.children.length % 3 === 0 || node.children.length > 4 ? 3 : 2,
        items: node.children.map((figure) => ({
          value: marked(figure.value, figure, context),
          html: safe(markedHtml(figure, context)),
        })),
      }
    case 'positions': {
      const level = Math.min(6, context.headings.last + 1)
      const inside = { ...context, headings: { ...context.headings, last: level } }
      return {
        heading: `h${level}`,
        items: node.children.map((position) => ({
          party: marked(position.party, position, context),
          html: safe(blocksHtml(position.children, inside)),
        })),
      }
    }
    case 'pullquote':
      return { html: safe(blocksHtml(unquoted(node.children), context)) }
    case 'button':
      return buttonData(node, context)
  }
}

/** `href` is null where the link is not one that may be followed. */
export function buttonData(
  node: Button,
  context: HtmlContext,
): { href: string | null; html: Handlebars.SafeString } {
  return { href: safeHref(node.href), html: safe(markedHtml(node, context)) }
}

function unquoted(nodes: readonly RootContent[]): RootContent[] {
  return nodes.flatMap((node): RootContent[] => (node.type === 'blockquote' ? node.children : [node]))
}

/** Marks HTML of ours as HTML, so that Handlebars writes it as it is. */
export function safe(html: string): Handlebars.SafeString {
  return new Handlebars.SafeString(html)
}
