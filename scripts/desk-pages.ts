// Writes docs/desk/: a page for each rule of the desk check, and the table of docs/desk/README.md: node scripts/desk-pages.ts
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isUnwaivable } from '../src/brief/waivers.ts'
import type { Example, Rule } from '../src/desk/rule.ts'
import { deskRules } from '../src/desk/rules/index.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'desk')
const table = /(<!-- rules -->\n)[\s\S]*?(<!-- \/rules -->)/

/** The pages by file name. `readme` is docs/desk/README.md as it is, whose table is made anew. */
export function deskPages(readme: string): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', readme.replace(table, `$1\n${tableOf(deskRules)}\n\n$2`)],
    ...deskRules.map((rule) => [`${rule.id}.md`, pageOf(rule)] as const),
  ])
}

function tableOf(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, name, severity, catches }) => `| [${id}](${id}.md) | ${name} | ${severity} | ${catches} |`,
  )
  return ['| Rule | Name | Severity | Catches |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function pageOf(rule: Rule): string {
  const { id, name, severity, catches, why, bad, good } = rule
  const parts = [
    `# ${id} ${name}`,
    `**${capital(severity)}.** Catches ${catches}.`,
    why,
    ...(bad === null ? [] : ['## Found', exampleOf(bad)]),
    ...(good === null ? [] : ['## Not found', exampleOf(good)]),
    isUnwaivable(id)
      ? 'No waiver and no setting softens this rule.'
      : `An exception, with its reason, which readers see: \`<!-- desk-ok ${id}: why -->\` before the block, or \`waivers:\` in the brief or the ledger entry. Another severity: \`desk: {severities: {${id}: ${severity === 'warning' ? 'error' : 'warning'}}}\` in \`onrecord.yaml\`.`,
    '[All rules](README.md)',
  ]
  return `${parts.join('\n\n')}\n`
}

function exampleOf({ brief, front, ledger, snapshots, links }: Example): string {
  const parts = []
  if (front !== undefined) parts.push(code('yaml', front))
  parts.push(code('markdown', brief))
  if (ledger !== undefined && ledger.trim() !== '') parts.push('The ledger:', code('yaml', ledger))
  for (const [id, text] of Object.entries(snapshots ?? {}))
    parts.push(`The stored copy of \`${id}\`:`, code('text', text))
  for (const [id, link] of Object.entries(links ?? {})) {
    const since = link.failingSince === null ? '' : ` since ${link.failingSince.slice(0, 10)}`
    const gone = link.gone.length === 0 ? '' : `; gone from the page: “${link.gone.join('”, “')}”`
    parts.push(`What \`source verify\` noted of \`${id}\`: ${link.state}${since}${gone}.`)
  }
  return parts.join('\n\n')
}

/** A fence longer than any in the text. */
function code(language: string, text: string): string {
  return `\`\`\`\`${language}\n${text.trim()}\n\`\`\`\``
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true })
  const readme = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const [name, text] of deskPages(readme)) writeFileSync(join(folder, name), text)
}
