import type { Nodes } from 'mdast'
import { mainMarks } from './citations.ts'

/**
 * The words at or under `node` as a reader sees them: waivers and pictures have none, the names of
 * scenarios, figures and parties have; of a citation the publisher in the run of a sentence, once it is projected. Blocks are apart by a line feed.
 */
export function plainText(node: Nodes): string {
  return words(node, '').trim()
}

/** The same for text on one line: a dot stands after a heading and the name of a party, which no full stop ends. */
export function runningText(node: Nodes): string {
  return words(node, ' ·').replace(/\s+/g, ' ').trim()
}

function words(node: Nodes, afterTitle: string): string {
  switch (node.type) {
    case 'text':
    case 'inlineCode':
      return node.value
    case 'code':
      return `${node.value}\n`
    case 'break':
      return '\n'
    case 'citation':
      return node.narrative
        ? mainMarks(node)
            .map(({ publisher }) => publisher)
            .join(', ')
        : ''
    case 'teaser':
      return `${node.teaser}\n`
    case 'scenario':
      return `${node.name} (${node.likelihood}): ${all(node.children, afterTitle)}\n`
    case 'event':
      return `${node.until === null ? node.date : `${node.date}/${node.until}`}: ${all(node.children, afterTitle)}\n`
    case 'figure':
      return `${node.value} ${all(node.children, afterTitle)}\n`
    case 'position':
      return `${node.party}${afterTitle}\n${all(node.children, afterTitle)}`
    case 'heading':
      return `${all(node.children, afterTitle)}${afterTitle}\n`
    case 'paragraph':
    case 'tableRow':
    case 'button':
      return `${all(node.children, afterTitle)}\n`
    case 'tableCell':
      return `${all(node.children, afterTitle)} `
    default:
      return 'children' in node ? all(node.children, afterTitle) : ''
  }
}

/** The space before a citation goes with it: “on 7 November [@x].” reads “on 7 November.” */
function all(nodes: readonly Nodes[], afterTitle: string): string {
  return nodes
    .map((node, index) => {
      const next = nodes[index + 1]
      const text = words(node, afterTitle)
      return next?.type === 'citation' && !next.narrative ? text.replace(/\s+$/, '') : text
    })
    .join('')
}
