import type { RootContent } from 'mdast'
import type { ContainerDirective } from 'mdast-util-directive'
import { didYouMean } from '../../core/nearest.ts'
import { likelihoods, type LikelihoodTerm } from '../likelihood.ts'
import type { Reading } from '../reading.ts'
import type { Scenario } from '../tree.ts'
import { cut, isEmpty, itemsOf, placeOfNode, strongHead, type Item } from './items.ts'

const EXAMPLE = '- **Name** (likely): what happens'

/** `:::scenarios`: forward scenarios, each with one of the seven terms of ICD 203. */
export function scenarios(node: ContainerDirective, at: Reading): RootContent[] {
  const items = itemsOf(node, EXAMPLE, at)
  if (items === null) return node.children
  const children = items.flatMap((item) => scenario(item, at))
  return [{ type: 'scenarios', children, ...placeOfNode(node) }]
}

function scenario(item: Item, at: Reading): Scenario[] {
  const strong = strongHead(item.words)
  const text = strong?.rest[0]
  const match = text?.type === 'text' ? /^\s*\(([^()]*)\)\s*:\s*/.exec(text.value) : null
  if (strong === null || match === null) {
    at.report('DC812', item.node, 'A scenario begins with its name and its likelihood.', `write “${EXAMPLE}”`)
    return []
  }
  const written = (match[1] ?? '').trim().replace(/\s+/g, ' ').toLowerCase()
  if (!isTerm(written)) {
    const terms = Object.keys(likelihoods)
    const hint = didYouMean(written, terms) ?? `the terms are ${terms.join(', ')}`
    at.report('DC812', text ?? item.node, `“${written}” is none of the seven terms of likelihood.`, hint)
    return []
  }
  const children = cut(strong.rest, match[0].length)
  if (isEmpty(children)) at.report('DC812', item.node, 'This scenario says nothing.', `write “${EXAMPLE}”`)
  return [{ type: 'scenario', name: strong.head, likelihood: written, children, ...placeOfNode(item.node) }]
}

function isTerm(text: string): text is LikelihoodTerm {
  return Object.hasOwn(likelihoods, text)
}
