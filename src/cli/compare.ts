import { OnrecordError } from '../core/errors.ts'
import { tiers, type Tier } from '../core/tier.ts'
import { changeLines } from './compare-text.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { openVersions } from './issue-versions.ts'
import { refuseUnknownIssue } from './known-issue.ts'

export interface CompareOptions {
  readonly issue: string
  /** A version, the hash of an edition, or another issue; null: as approved, else as on the site, else as sent. */
  readonly with: string | null
  readonly tier: string | null
  /** Of the version that it is compared with; null: the same. */
  readonly withTier: string | null
}

/** `onrecord compare <issue>`: what a reader would see changed; its words and links, not its markup. */
export async function run(context: Context, options: CompareOptions): Promise<ExitCode> {
  const { issue } = options
  refuseUnknownIssue(context.config().root, issue)
  const versions = openVersions(await context.app())
  const there = await versions.versions(issue)
  const tier = tierOf(options.tier) ?? 'member'
  const withTier = tierOf(options.withTier) ?? tier
  // One edition of what it is now may be held against another.
  const from = options.with ?? there[1]?.id ?? (tier === withTier ? undefined : 'now')
  if (from === undefined)
    throw new OnrecordError(
      'refused',
      `There is nothing to compare ${issue} with: no approval of it was recorded, and it was never published or sent.`,
      {
        hint: 'give another issue, or the hash of an edition, with --with; or another edition of it with --with-tier',
      },
    )
  const comparison = await versions.compare(
    issue,
    { version: from, tier: withTier },
    { version: 'now', tier },
  )
  const { changes } = comparison
  const label = there.find(({ id }) => id === from)?.label ?? from
  const before = tier === withTier ? label : `${label}, as ${readers[withTier]} it`
  if (context.options.json) {
    context.print(JSON.stringify([{ issue, tier, from, fromTier: withTier, to: 'now', changes }], null, 2))
    return exit.done
  }
  if (changes.length === 0) {
    context.print(`${issue}, as ${readers[tier]} it, is now as it was (${before}).`)
    return exit.done
  }
  context.print(`${issue} as ${readers[tier]} it: now, and before (${before}). [-gone-] {+new+}`)
  for (const line of changeLines(comparison)) context.print(`  ${line}`)
  return exit.done
}

const readers = { public: 'everybody reads', subscriber: 'subscribers read', member: 'members read' } as const

function tierOf(name: string | null): Tier | undefined {
  return tiers.find((each) => each === name)
}
