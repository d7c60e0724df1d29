import type { Nodes, Root } from 'mdast'
import type { Brief } from '../brief/brief.ts'
import { citationsOf } from '../brief/citations.ts'
import type { Citation } from '../brief/tree.ts'
import { placeOf, type Place } from '../core/finding.ts'
import { sentencesOf, type Sentence } from './sentences.ts'

/** A brief, or the opening note, as the rules read it. */
export interface DeskText {
  readonly file: string
  readonly root: Root
  /** Null: the opening note. */
  readonly brief: Brief | null
  /** The standfirst, which has sentences and no citations; null for the opening note. */
  readonly standfirst: DeskBlock | null
  /** Every block of the body that holds words, in the order of the text. */
  readonly blocks: readonly DeskBlock[]
  /** Every citation of the body, in the order of the text. */
  readonly citations: readonly Citation[]
}

export type BlockKind = 'standfirst' | 'paragraph' | 'heading' | 'cell' | 'scenario' | 'event' | 'figure'

/** A stretch of words that holds sentences. */
export interface DeskBlock {
  readonly kind: BlockKind
  /** What it stands within, outermost first: `members`, `positions`, `note`, `blockquote`, `listItem` … */
  readonly parents: readonly Nodes[]
  readonly sentences: readonly Sentence[]
  /** The citations that a reader would take to stand for it: its own; for a cell, those of its row. */
  readonly citations: readonly Citation[]
  /** The date of an event, the value of a figure, the name of a scenario; empty for other blocks. */
  readonly label: string
  readonly place: Place
}

/** Whether a block stands within a node of one of these types. */
export function isWithin(block: DeskBlock, ...types: readonly Nodes['type'][]): boolean {
  return block.parents.some((parent) => types.includes(parent.type))
}

/** The title and the body of a brief, cut into blocks and sentences. */
export function readBrief(brief: Brief, nameOf: (id: string) => string): DeskText {
  const body = readBody(brief.file, brief.body, nameOf)
  let standfirst: DeskBlock | null = null
  return {
    file: body.file,
    root: body.root,
    citations: body.citations,
    brief,
    get blocks() {
      return body.blocks
    },
    get standfirst() {
      return (standfirst ??= readStandfirst(brief))
    },
  }
}

function readStandfirst(brief: Brief): DeskBlock {
  const place = brief.front.at(['standfirst'])
  const words: Nodes = { type: 'paragraph', children: [{ type: 'text', value: brief.meta.standfirst }] }
  const sentences = sentencesOf(brief.file, words).map((sentence) => ({
    ...sentence,
    place,
    placeOf: () => place,
  }))
  return { kind: 'standfirst', parents: [], sentences, citations: [], label: '', place }
}

/** The opening note of an issue. */
export function readNote(file: string, note: Root, nameOf: (id: string) => string): DeskText {
  const body = readBody(file, note, nameOf)
  return {
    file: body.file,
    root: body.root,
    citations: body.citations,
    brief: null,
    standfirst: null,
    get blocks() {
      return body.blocks
    },
  }
}

function readBody(
  file: string,
  root: Root,
  nameOf: (id: string) => string,
): Pick<DeskText, 'file' | 'root' | 'blocks' | 'citations'> {
  let blocks: DeskBlock[] | null = null
  return {
    file,
    root,
    citations: citationsOf(root),
    // Cutting sentences costs more than all the rest; a text that is known is never cut.
    get blocks() {
      return (blocks ??= blocksOf(file, root, nameOf))
    },
  }
}

function blocksOf(file: string, root: Root, nameOf: (id: string) => string): DeskBlock[] {
  const blocks: DeskBlock[] = []
  const add = (kind: BlockKind, node: Nodes, parents: readonly Nodes[], scope: Nodes, label = ''): void => {
    const sentences = sentencesOf(file, node, nameOf)
    if (sentences.length === 0) return
    const place = placeOf(file, node.position)
    blocks.push({ kind, parents, sentences, citations: citationsOf(scope), label, place })
  }
  const walk = (node: Nodes, parents: readonly Nodes[]): void => {
    switch (node.type) {
      case 'paragraph':
      case 'heading':
        return add(node.type, node, parents, node)
      case 'tableCell':
        return add('cell', node, parents, parents.at(-1) ?? node)
      case 'scenario':
        return add('scenario', node, parents, node, node.name)
      case 'event':
        return add(
          'event',
          node,
          parents,
          node,
          node.until === null ? node.date : `${node.date}/${node.until}`,
        )
      case 'figure':
        return add('figure', node, parents, node, node.value)
      case 'button':
        return
      default:
        if ('children' in node) for (const child of node.children) walk(child, [...parents, node])
    }
  }
  walk(root, [])
  return blocks
}
