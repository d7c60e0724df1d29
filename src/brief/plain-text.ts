import type { Nodes } from 'mdast'
import { mainMarks } from './citations.ts'

/**
 * The words at or under `node` as a reader sees them: waivers and pictures have none, the names of
 * scenarios, figures and parties have; of a citation the publisher in the run of a sentence, once it is projected. Blocks are apart by a line feed.
 */
export function plainText(node: Nodes): string {
  return words(node).trim()
}

function words(node: Nodes): string {
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
      return `${node.name} (${node.likelihood}): ${all(node.children)}\n`
    case 'event':
      return `${node.until === null ? node.date : `${node.date}/${node.until}`}: ${all(node.children)}\n`
    case 'figure':
      return `${node.value} ${all(node.children)}\n`
    case 'position':
      return `${node.party}\n${all(node.children)}`
    case 'paragraph':
    case 'heading':
    case 'tableRow':
    case 'button':
      return `${all(node.children)}\n`
    case 'tableCell':
      return `${all(node.children)} `
    default:
      return 'children' in node ? all(node.children) : ''
  }
}

/** The space before a citation goes with it: “on 7 November [@x].” reads “on 7 November.” */
function all(nodes: readonly Nodes[]): string {
  return nodes
    .map((node, index) => {
      const next = nodes[index + 1]
      const text = words(node)
      return next?.type === 'citation' && !next.narrative ? text.replace(/\s+$/, '') : text
    })
    .join('')
}
