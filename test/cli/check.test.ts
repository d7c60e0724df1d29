import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run as check } from '../../src/cli/check.ts'
import { issueAsItIs } from '../../src/cli/ready-issue.ts'
import { toSarif } from '../../src/cli/sarif.ts'
import { toWorkflowCommands } from '../../src/cli/workflow-commands.ts'
import { finding, type Finding } from '../../src/core/finding.ts'
import { contextIn, emptyFolder } from './scaffold-context.ts'

const town = join(import.meta.dirname, '../fixtures/harbour')
const all = { issues: [], strict: false, format: null, offline: false } as const

/** The town of the fixture with its stored copies, in a folder of its own; `change` edits a brief. */
function publication(change: (ferry: string) => string = (text) => text): string {
  const dir = emptyFolder()
  cpSync(town, dir, { recursive: true })
  cpSync(join(town, 'snapshots'), join(dir, 'data/snapshots'), { recursive: true })
  cpSync(join(import.meta.dirname, '../../templates'), join(dir, 'templates'), { recursive: true })
  const file = join(dir, 'briefs/2026-w10/ferry.md')
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  return dir
}

const misquoted = (text: string): string =>
  text.replace(
    '"closed at 7.20 p.m. without a vote on the ferry"',
    '"closed at 7.20 p.m. with a vote on the ferry"',
  )

describe('check', () => {
  test('passes the town, and with --strict stops at its warnings', async () => {
    const context = contextIn(publication())
    expect(await check(context, all)).toBe(0)
    expect(await check(context, { ...all, strict: true })).toBe(1)
    expect(context.printed.at(-1)).toMatch(/^2026-w10: 0 errors, \d+ warnings$/)
  })

  test('stops at a quotation that the stored copy does not hold, and offers the passage', async () => {
    const context = contextIn(publication(misquoted))
    expect(await check(context, all)).toBe(1)
    const text = context.printed.join('\n')
    expect(text).toContain('does not hold the words “closed at 7.20 p.m. with a vote on the ferry”.  (DC301)')
    expect(text).toMatch(/did you mean “.*without a vote on the ferry/)
  })

  test('says the same a second time, from what it kept on disk, and again after that is deleted', async () => {
    const dir = publication(misquoted)
    const once = async (): Promise<string[]> => {
      const context = contextIn(dir)
      await check(context, all)
      return context.printed
    }
    const first = await once()
    expect(await once()).toEqual(first)
    rmSync(join(dir, 'data/desk'), { recursive: true })
    expect(await once()).toEqual(first)
  })

  test('prints JSON, SARIF and workflow commands, and nothing besides', async () => {
    const dir = publication(misquoted)
    const printed = async (format: 'json' | 'sarif' | 'github'): Promise<string[]> => {
      const context = contextIn(dir)
      expect(await check(context, { ...all, format })).toBe(1)
      return context.printed
    }
    const [json = ''] = await printed('json')
    const [{ issue, findings, counts }] = JSON.parse(json)
    expect([issue, counts.error]).toEqual(['2026-w10', 1])
    const asked = contextIn(dir, { json: true })
    await check(asked, all)
    expect(asked.printed).toEqual([json])
    const [sarif = ''] = await printed('sarif')
    expect(JSON.parse(sarif).runs[0].results).toHaveLength(findings.length)
    const commands = await printed('github')
    expect(commands).toHaveLength(findings.length)
    expect(
      commands.filter((line) => line.startsWith('::error file=briefs/2026-w10/ferry.md,line=')),
    ).toHaveLength(1)
  })

  test('--offline leaves out what was seen of links', async () => {
    const dir = publication()
    const url = /url: "?(\S+skippers\.example\S*?)"?$/m.exec(
      readFileSync(join(dir, 'briefs/2026-w10/sources.yaml'), 'utf8'),
    )?.[1]
    const at = Date.UTC(2026, 2, 1)
    const failures = [0, 3, 7].map((day) => ({ at: at + day * 86_400_000, reason: 'dead' }))
    const link = {
      url,
      state: 'dead',
      checkedAt: at,
      aliveAt: null,
      failures,
      gone: [],
      message: 'HTTP 404.',
    }
    writeFileSync(join(dir, 'data/links.json'), JSON.stringify({ version: 1, links: [link] }))
    const online = contextIn(dir)
    expect(await check(online, all)).toBe(1)
    expect(online.printed.join('\n')).toContain('(DC701)')
    expect(await check(contextIn(dir), { ...all, offline: true })).toBe(0)
  })
})

test('what publish and send are given is refused with the unwaived error, by its line', async () => {
  const refused = issueAsItIs(contextIn(publication(misquoted)).config(), '2026-w10')
  await expect(refused).rejects.toThrow(/ferry\.md:\d+:\d+ .*does not hold the words.*\(DC301\)/)
  const waived = publication((text) =>
    misquoted(text).replace(
      '---\n\n',
      '---\n\n<!-- desk-ok DC301: the minutes were corrected by hand -->\n\n',
    ),
  )
  expect((await issueAsItIs(contextIn(waived).config(), '2026-w10')).id).toBe('2026-w10')
})

const place = { file: 'briefs/ä b/one.md', line: 3, column: 5, endLine: 4, endColumn: 2 }
const findings: readonly Finding[] = [
  finding('DC301', place, '100 % of:\nit, “all”.', { hint: 'look, again: now' }),
  { ...finding('DC102', { ...place, endLine: 3, endColumn: 1 }, 'Never cited.'), waived: 'kept' },
  finding('DC101', { ...place, endLine: 3, endColumn: 9 }, 'No such source.', { severity: 'info' }),
]
const same = (file: string): string => file

test('SARIF has each result with its rule, place and, where it is waived, the reason', () => {
  const log = JSON.parse(JSON.stringify(toSarif(findings, (file) => `pub/${file}`)))
  expect(log.version).toBe('2.1.0')
  expect(log.$schema).toMatch(/sarif-2\.1\.0/)
  const [{ tool, results, columnKind }] = log.runs
  expect(columnKind).toBe('utf16CodeUnits')
  const ids: string[] = tool.driver.rules.map((rule: { id: string }) => rule.id)
  expect(ids).toEqual(['DC101', 'DC102', 'DC301'])
  expect(results).toHaveLength(3)
  for (const result of results) {
    expect(ids[result.ruleIndex]).toBe(result.ruleId)
    expect(['error', 'warning', 'note', 'none']).toContain(result.level)
    expect(result.message.text).not.toBe('')
    const [{ physicalLocation }] = result.locations
    const { artifactLocation, region } = physicalLocation
    expect(artifactLocation.uri).toBe('pub/briefs/%C3%A4%20b/one.md')
    expect(region.startLine).toBeGreaterThan(0)
    const isForward =
      region.endLine > region.startLine ||
      (region.endLine === region.startLine && region.endColumn >= region.startColumn)
    expect(isForward).toBe(true)
  }
  expect(results.map((result: { suppressions?: unknown }) => result.suppressions)).toEqual([
    undefined,
    [{ kind: 'inSource', justification: 'kept' }],
    undefined,
  ])
})

test('workflow commands escape what would end or split them, and leave out what is waived', () => {
  expect(toWorkflowCommands(findings, same)).toEqual([
    '::error file=briefs/ä b/one.md,line=3,endLine=4,title=DC301 quote-not-found::100 %25 of:%0Ait, “all”.%0A→ look, again: now',
    '::notice file=briefs/ä b/one.md,line=3,endLine=3,col=5,endColumn=9,title=DC101 unknown-key::No such source.',
  ])
  const odd = finding('DC101', { ...place, file: 'a:b,c%.md', endLine: 3 }, 'x\r\n::error::y')
  expect(toWorkflowCommands([odd], same)[0]).toMatch(/^::error file=a%3Ab%2Cc%25\.md,.*::x%0D%0A::error::y$/)
})
