import { systemClock, type Clock } from '../core/clock.ts'
import { OnrecordError } from '../core/errors.ts'
import { describeTime } from '../delivery/schedule-time.ts'
import { newsletterIn } from '../issue/new-draft.ts'
import { makeNextDraft } from '../issue/next-draft.ts'
import { exit, type Context, type ExitCode } from './context.ts'

export interface NewNextOptions {
  /** Null: the newsletter's name and the day. */
  readonly title: string | null
  /** Null: the first with a cadence. */
  readonly newsletter: string | null
}

/** `onrecord new next`: the draft of the next time of a newsletter's cadence that has none yet. Prints the paths. */
export async function run(
  context: Context,
  options: NewNextOptions,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const config = context.config()
  const { newsletters, timeZone } = config.publication
  const known = Object.keys(newsletters)
  const first = known.find((key) => newsletters[key]?.cadence !== undefined) ?? null
  const newsletter = newsletterIn({ newsletters }, options.newsletter ?? first)
  if (newsletters[newsletter]?.cadence === undefined)
    throw new OnrecordError('usage', `The newsletter “${newsletter}” has no cadence.`, {
      hint: 'add it in onrecord.yaml, such as “cadence: {every: Friday, at: "07:00"}”; docs/configuration.md describes it',
    })
  const { editions } = await context.app()
  const goneOut = await editions.listPublished()
  const made = await makeNextDraft(config, newsletter, goneOut, { now: clock.now(), title: options.title })
  if (made === null) throw new Error('it has a cadence')
  if (context.options.json) context.print(JSON.stringify({ files: made.files }, null, 2))
  else for (const path of made.files) context.print(path)
  context.note(`${made.issue} is for ${describeTime(made.at, timeZone)}.`)
  return exit.done
}
