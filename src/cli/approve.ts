import { OnrecordError } from '../core/errors.ts'
import type { ApprovalStepKind } from '../delivery/approval.ts'
import type { IssueApproval } from '../studio/approvals.ts'
import { exit, type Context, type ExitCode } from './context.ts'
import { counted, moment } from './round-text.ts'
import { openApprovalDesk } from './studio-approvals.ts'

export interface ApproveOptions {
  readonly issue: string
  /** Who does it; null: the state is shown. */
  readonly as: string | null
  readonly note: string | null
  /** Back to draft. */
  readonly withdraw: boolean
  /** Ask for a review. */
  readonly review: boolean
  /** Ids of sources to tick off, and to take the tick off; nothing else is done. */
  readonly tick: readonly string[]
  readonly untick: readonly string[]
}

/** `onrecord approve <issue>`: who approved it and whether that still holds; with `--as`, the next step. */
export async function run(context: Context, options: ApproveOptions): Promise<ExitCode> {
  const { issue, as: by, note, withdraw, review, tick, untick } = options
  const ticks = tick.length + untick.length > 0
  if ([withdraw, review, ticks].filter(Boolean).length > 1)
    throw new OnrecordError('usage', 'Give only one of --withdraw, --review and --tick or --untick.')
  if (by === null && (withdraw || review || ticks || note !== null))
    throw new OnrecordError('usage', 'Say who you are: the record keeps by whom a step was taken.', {
      hint: 'add --as "Your name"',
    })
  const desk = openApprovalDesk(await context.app())
  let state: IssueApproval
  if (by === null) state = await desk.state(issue)
  else if (ticks) {
    for (const source of tick) await desk.tick(issue, source, { ticked: true, by })
    for (const source of untick) await desk.tick(issue, source, { ticked: false, by })
    state = await desk.state(issue)
  } else {
    const step: ApprovalStepKind = withdraw ? 'draft' : review ? 'review' : 'approved'
    state = await desk.record(issue, { step, by, note })
  }
  if (context.options.json) context.print(JSON.stringify([asJson(state)], null, 2))
  else for (const line of describe(state)) context.print(line)
  if (state.statusNotWritten !== null) context.note(state.statusNotWritten)
  return exit.done
}

function describe({ standing, words, history, sources }: IssueApproval): string[] {
  const { issue, state } = standing
  const ticked = sources.filter(({ tick, stale }) => tick !== null && !stale)
  const stale = sources.filter((each) => each.stale)
  const open = sources.filter(({ tick }) => tick === null)
  const next =
    state === 'approved'
      ? `“onrecord check ${issue}” says whether anything still stops it; “onrecord send ${issue}” sends it.`
      : `“onrecord approve ${issue} --as "Your name"” approves it as it is now.`
  return [
    words,
    ...(state === 'void' ? [`“onrecord compare ${issue}” shows what a reader would see of that.`] : []),
    next,
    '',
    `Sources: ${ticked.length} of ${sources.length} ticked off.`,
    ...stale.map(
      ({ check, tick }) => `  changed since ${tick?.by ?? ''} ticked it off: [${check.number}] ${check.id}`,
    ),
    ...(open.length > 0 && ticked.length + stale.length > 0
      ? [`  not yet: ${open.map(({ check }) => check.id).join(', ')}`]
      : []),
    ...(history.length > 0 ? ['', `${counted(history.length, 'step')}, latest first:`] : []),
    ...history.map(({ at, by, step, note }) => {
      const did = { draft: 'sent it back to draft', review: 'asked for a review', approved: 'approved it' }
      return `  ${moment(at)}  ${by} ${did[step]}${note === null ? '' : `: ${note}`}`
    }),
  ]
}

function asJson({ standing, hash, history, sources }: IssueApproval): object {
  const { issue, state, decidedBy, approval, changes } = standing
  return {
    ...{ issue, state, decidedBy, hash },
    approvedBy: approval?.by ?? null,
    approvedAt: approval === null ? null : iso(approval.at),
    changes,
    sources: sources.map(({ check: { id, number }, tick, stale }) => ({
      ...{ id, number, tickedBy: tick?.by ?? null, tickedAt: tick === null ? null : iso(tick.at), stale },
    })),
    history: history.map(({ step, by, at, note, hash }) => ({ step, by, at: iso(at), note, hash })),
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
