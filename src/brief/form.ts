import type { Image, Link, Nodes, Parent } from 'mdast'
import { citationsOf } from './citations.ts'
import { linkProblem } from './links.ts'
import { plainText } from './plain-text.ts'
import type { Reading } from './reading.ts'

/**
 * The form of a typed tree: headings in order from the second level (DC806), addresses that are safe and
 * whole (DC811), a description for every picture (DC807), no citation where it cannot be shown (DC810).
 */
export function checkForm(root: Parent, at: Reading): void {
  let level = 1
  const visit = (node: Nodes): void => {
    switch (node.type) {
      case 'heading':
        if (node.depth === 1) {
          at.report(
            'DC806',
            node,
            'The title is the only heading of the first level.',
            'begin this heading with “##”',
          )
        } else if (node.depth > level + 1) {
          const message = `This heading jumps from level ${level} to level ${node.depth}.`
          at.report('DC806', node, message, `begin it with “${'#'.repeat(level + 1)}”`)
        }
        if (plainText(node) === '')
          at.report('DC806', node, 'This heading has no words.', 'write some, or remove it')
        level = Math.max(node.depth, 2)
        break
      case 'text':
        if (/\{(?:key|scope=[^{}]*|id=[^{}]*)\}/.test(node.value)) {
          at.report(
            'DC810',
            node,
            'A mark such as {key} follows no citation.',
            'put it right after the citation’s bracket',
          )
        }
        break
      case 'link':
        checkLink(node, at)
        break
      case 'image':
        checkImage(node, at)
        break
      default:
    }
    if ('children' in node) for (const child of node.children) visit(child)
  }
  for (const child of root.children) visit(child)
}

function checkLink(node: Link, at: Reading): void {
  const problem = linkProblem(node.url)
  if (problem !== null) {
    at.report('DC811', node, problem.message, problem.hint)
    // An error already; should a caller show the draft all the same, the link does nothing.
    node.url = '#'
  }
  const citation = citationsOf(node)[0]
  if (citation !== undefined) {
    // `[@id](…)` was reported by the tokenizer.
    const begins = (node.position?.start.offset ?? 0) + 1 === citation.position?.start.offset
    if (!begins)
      at.report('DC810', citation, 'A citation cannot stand within a link.', 'put it after the link')
  } else if (plainText(node) === '' && !node.children.some((child) => child.type === 'image')) {
    at.report('DC811', node, 'This link has no words.', 'write [words](https://…)')
  }
}

function checkImage(node: Image, at: Reading): void {
  if ((node.alt ?? '').trim() === '') {
    at.report('DC807', node, 'This image has no description.', 'write ![what it shows](path)')
  }
  if (node.url === '' || /^[a-z][a-z0-9+.-]*:|^[/\\]/i.test(node.url)) {
    const message = 'An image is a file of the issue, given by its path from the brief.'
    at.report('DC809', node, message, 'save it under images/ and write ![what it shows](images/name.jpg)')
  }
}
