import type { Root } from 'mdast'
import type {} from 'mdast-util-directive'
import { directiveFromMarkdown } from 'mdast-util-directive'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmAutolinkLiteralFromMarkdown } from 'mdast-util-gfm-autolink-literal'
import { directive } from 'micromark-extension-directive'
import { gfmAutolinkLiteral } from 'micromark-extension-gfm-autolink-literal'
import { gfmStrikethrough } from 'micromark-extension-gfm-strikethrough'
import { gfmTable } from 'micromark-extension-gfm-table'
import { finding, placeOf, startOf, type Finding } from '../core/finding.ts'
import { citationSyntax } from './citation-syntax.ts'
import { gfmTree } from './gfm-tree.ts'

/** Markdown as micromark sees it: directives are still generic, HTML still there. */
export interface ParsedMarkdown {
  /** Null: the parser gave up. */
  readonly tree: Root | null
  readonly findings: readonly Finding[]
}

/**
 * CommonMark, GFM tables, strikethrough and autolinks, container and leaf directives, citations. Text
 * directives (`:name`) are off: “at 10:30” and “Reuters:Kabul” are prose. Positions are those of `text`.
 */
export function parseMarkdown(file: string, text: string): ParsedMarkdown {
  const citations = citationSyntax()
  const { flow } = directive()
  try {
    const tree = fromMarkdown(text, {
      extensions: [
        gfmTable(),
        gfmStrikethrough({ singleTilde: false }),
        gfmAutolinkLiteral(),
        flow === undefined ? {} : { flow },
        citations.syntax,
      ],
      mdastExtensions: [
        gfmTree,
        gfmAutolinkLiteralFromMarkdown(),
        directiveFromMarkdown({ verbose: true }),
        citations.tree,
      ],
    })
    const findings = citations.broken.map((each) =>
      finding('DC810', placeOf(file, each), each.message, { hint: each.hint }),
    )
    return { tree, findings }
  } catch (error) {
    // Deep nesting breaks the parser's stack, and a file must never take down the others.
    if (!(error instanceof RangeError)) throw error
    const findings = [finding('DC815', startOf(file), 'The text of this file cannot be parsed.')]
    return { tree: null, findings }
  }
}
