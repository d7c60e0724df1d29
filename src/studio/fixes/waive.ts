import type { Nodes } from 'mdast'
import type { Finding } from '../../core/finding.ts'
import { isUnwaivable } from '../../brief/waivers.ts'
import { splice } from '../text-edit.ts'
import type { FixWorld, Proposal } from './fix.ts'
import { addWaiver } from './ledger-edit.ts'
import { entryAt, stretchOf } from './places.ts'

/** What is found in the finished mail, and in templates: no waiver covers it. */
const beyondWaivers: ReadonlySet<string> = new Set(['DC813', 'DC816', 'DC817'])

/** Where a comment may stand, so that it covers the block after it. */
const flows: ReadonlySet<string> = new Set(['root', 'members', 'note', 'correction'])

/**
 * A waiver with the reason that a person gives, as docs/brief-format.md has it: a comment before the block, or a line
 * of `waivers:` for what is no block. None where the rules allow none.
 */
export function waiverFixes(finding: Finding, world: FixWorld): readonly Proposal[] {
  const { file, rule } = finding
  const text = world.text(file)
  if (text === null || isUnwaivable(rule) || beyondWaivers.has(rule)) return []
  const waive = (label: string, write: (reason: string) => string | null): readonly Proposal[] => [
    {
      id: 'waive',
      label,
      asks: 'reason',
      file,
      write: (reason) => write(reason.replace(/\s+/gu, ' ').trim()),
    },
  ]
  const inYaml = (entry: string | null) => (reason: string) => {
    const edit = reason === '' ? null : addWaiver(file, text, entry, rule, reason)
    return edit === null ? null : splice(text, [edit])
  }
  const entry = entryAt(world, finding)
  if (entry !== null) return waive('Waive for this source', inYaml(entry.id))
  if (!file.endsWith('.md')) return []
  const desk = world.desk(file)
  if (desk === null) return []
  const block = blockAt(desk.root, finding.line, 'root')
  const start = block === null ? null : (stretchOf(block)?.from ?? null)
  if (start !== null) {
    return waive('Waive for this block', (reason) =>
      reason === '' || reason.includes('-->') ? null : commentBefore(text, start, rule, reason),
    )
  }
  // Frontmatter; an issue’s own has no waivers.
  const isBrief = world.checked.issue?.briefs.some((each) => each.file === file) === true
  return isBrief ? waive('Waive for this brief', inYaml(null)) : []
}

/** The innermost block around a line before which a comment may stand. */
function blockAt(node: Nodes, line: number, parent: string): Nodes | null {
  if (!('children' in node)) return null
  for (const child of node.children) {
    const { start, end } = child.position ?? {}
    if (start === undefined || end === undefined || line < start.line || line > end.line) continue
    if (!flows.has(parent) || child.type === 'waiver') return null
    return blockAt(child, line, child.type) ?? child
  }
  return null
}

function commentBefore(text: string, start: number, rule: string, reason: string): string | null {
  const at = text.lastIndexOf('\n', start - 1) + 1
  // Set in, as in a list: a comment there is none of ours.
  if (text.slice(at, start).trim() !== '') return null
  const before = text.slice(0, at)
  const lead = before === '' || /\n[ \t]*\n$/u.test(before) ? '' : '\n'
  return `${before}${lead}<!-- desk-ok ${rule}: ${reason} -->\n\n${text.slice(at)}`
}
