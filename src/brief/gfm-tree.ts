import type { CompileContext, Extension as FromMarkdown, Token } from 'mdast-util-from-markdown'
import 'micromark-extension-gfm-table'

/**
 * GFM tables and strikethrough as mdast nodes. The packages that do this also load all that writes
 * Markdown back, which nothing here needs and which doubles the time a command takes to start.
 */
export const gfmTree: FromMarkdown = {
  canContainEols: ['delete'],
  enter: {
    strikethrough(token) {
      this.enter({ type: 'delete', children: [] }, token)
    },
    table(token) {
      const align = (token._align ?? []).map((each) => (each === 'none' ? null : each))
      this.enter({ type: 'table', align, children: [] }, token)
    },
    tableRow(token) {
      this.enter({ type: 'tableRow', children: [] }, token)
    },
    tableData: enterCell,
    tableHeader: enterCell,
  },
  exit: {
    strikethrough: exit,
    table: exit,
    tableRow: exit,
    tableData: exit,
    tableHeader: exit,
    codeText(token) {
      const value = this.resume()
      const node = this.stack.at(-1)
      if (node?.type === 'inlineCode') {
        const inTable = this.stack.some((each) => each.type === 'table')
        // GFM 4.10: a pipe within a cell is escaped, in code as well.
        node.value = inTable ? value.replace(/\\\|/g, '|') : value
      }
      this.exit(token)
    },
  },
}

function enterCell(this: CompileContext, token: Token): undefined {
  this.enter({ type: 'tableCell', children: [] }, token)
}

function exit(this: CompileContext, token: Token): undefined {
  this.exit(token)
}
