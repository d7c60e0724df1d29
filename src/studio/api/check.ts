import type { Context } from 'hono'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { OnrecordError } from '../../core/errors.ts'
import { deskRules } from '../../desk/rules/index.ts'
import type { CheckFinding, Fixed, FixRequest, IssueCheck, RuleWords } from '../contract/check.ts'
import type { Fix, FixChange, Mended } from '../contract/fix.ts'
import type { Surface } from '../deps.ts'
import { asSentence, keyed } from '../findings.ts'
import { editsBetween, rebase } from '../fixes/rebase.ts'
import type { ShelvedIssue } from '../library.ts'
import type { ShownFinding } from '../preview.ts'
import { countFindings } from '../readiness.ts'
import { splice } from '../text-edit.ts'
import { bodyOf, noIssue, refuse } from './answer.ts'

const fixSchema = z.object({
  key: z.string().max(10_000),
  fix: z.string().max(500),
  answer: z.string().max(2_000).nullable(),
  open: z.object({ path: z.string(), text: z.string().max(1024 * 1024) }).nullable(),
})

/** Findings are told at once; what mends them may come this much later, in milliseconds, or else with the next asking. */
const FIXES_MS = 400

/** The findings of an issue, and what mends them. */
export const check: Surface = (app, { library, files, events }) => {
  const known = new Map<
    string,
    { readonly version: number; readonly fixes: ReadonlyMap<string, readonly Fix[]> }
  >()
  const asked = new Map<string, Promise<void>>()

  /** What mends the findings of the newest whole build, asked of the builder once. */
  const findFixes = (issue: ShelvedIssue): Promise<void> => {
    const { id, version, partial } = issue
    const findings = keyed(issue.latest?.findings ?? [])
    if (partial || known.get(id)?.version === version) return Promise.resolve()
    const name = `${id} ${version}`
    const running = asked.get(name)
    if (running !== undefined) return running
    const asking = library.checks
      .fixes(id, findings)
      // What fails for a text fails for it again: it is not asked for until the text is another.
      .catch((): readonly (readonly Fix[])[] => [])
      .then((fixes) => {
        if ((known.get(id)?.version ?? 0) > version) return
        known.set(id, { version, fixes: new Map(findings.map(({ key }, at) => [key, fixes[at] ?? []])) })
      })
      .finally(() => asked.delete(name))
    asked.set(name, asking)
    return asking
  }

  const issueOf = async (id: string): Promise<ShelvedIssue> => (await library.issue(id)) ?? noIssue(id)

  app.get('/api/issues/:id/check', async (c) => {
    const id = c.req.param('id')
    const issue = await issueOf(id)
    const { version, latest, partial } = issue
    const finding = findFixes(issue)
    const late = await Promise.race([finding.then(() => false), wait(FIXES_MS, true)])
    if (late) void finding.then(() => events.send({ what: 'fixes', id }))
    const fixes = known.get(id)?.fixes
    const findings = keyed(latest?.findings ?? []).map((each): CheckFinding => ({
      ...each,
      hint: each.hint === null ? null : asSentence(each.hint),
      fixes: each.waived === null ? (fixes?.get(each.key) ?? []) : [],
    }))
    return c.json<IssueCheck>({
      version,
      counts: countFindings(findings),
      findings: findings.toSorted((a, b) => rank(a) - rank(b)),
      rules: wordsOf(findings),
      running: partial || late,
    })
  })

  const mend = async (id: string, request: FixRequest): Promise<Mended> => {
    const issue = await issueOf(id)
    const finding = keyed(issue.latest?.findings ?? []).find(({ key }) => key === request.key)
    if (finding === undefined) {
      throw new OnrecordError('not-found', 'This finding is not there any more.', {
        hint: 'The text was checked again meanwhile.',
      })
    }
    const mended = await library.checks.mend(id, finding, request.fix, request.answer ?? '')
    if ('problem' in mended) throw new OnrecordError('refused', mended.problem)
    return mended
  }

  app.post('/api/issues/:id/fix/preview', async (c) => {
    const mended = await mend(c.req.param('id'), await bodyOf(c, fixSchema))
    return c.json<FixChange>(mended.change)
  })

  app.post('/api/issues/:id/fix', async (c) => {
    const request = await bodyOf(c, fixSchema)
    const { path, hash, before, after } = await mend(c.req.param('id'), request)
    const edits = editsBetween(before, after)
    if (request.open !== null && request.open.path === path) {
      const { text } = request.open
      const moved = rebase(before, text, edits)
      if (moved === null) return conflict(c, 'You have changed this place since it was checked.')
      return c.json<Fixed>({ path, hash: null, before: text, text: splice(text, moved), edits: moved })
    }
    const saved = await files.save({ path, text: after, base: hash })
    if ('mine' in saved) return conflict(c, `${path} was changed elsewhere; nothing was written.`)
    return c.json<Fixed>({ path, hash: saved.hash, before, text: after, edits })
  })
}

function conflict(c: Context, message: string): Response {
  return refuse(c, 'conflict', message, { hint: 'Wait for the next check, and try it again.' })
}

function rank({ severity, waived }: ShownFinding): number {
  return waived === null ? ['error', 'warning', 'info'].indexOf(severity) : 3
}

const rules = new Map<string, RuleWords>(
  deskRules.map(({ id, name, why }) => [id, { title: titleOf(name), why: withoutMarks(why) }]),
)

function wordsOf(findings: readonly ShownFinding[]): IssueCheck['rules'] {
  const found = new Set<string>(findings.map(({ rule }) => rule))
  return Object.fromEntries([...rules].filter(([rule]) => found.has(rule)))
}

function titleOf(name: string): string {
  return (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('-', ' ').replace('html', 'HTML')
}

/** The words of the rules are Markdown in their pages. */
function withoutMarks(words: string): string {
  return words.replaceAll('`', '')
}
